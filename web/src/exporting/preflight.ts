// What is to be known before a file is made: asked for when the dialog opens and when a choice changes.

import { signal } from "@preact/signals";
import * as jobs from "../api/jobs";
import type { Check, Choice } from "../api/types";
import { id } from "../project/session";

const SETTLED_AFTER_MS = 350;

export const checks = signal<Check[]>([]);
export const checking = signal(false);
/** Why nothing can be told. */
export const untold = signal<string | null>(null);

let asked = new AbortController();

/** Ask for the checks of `choice` when it has settled; what was asked before is not waited for. */
export async function foresee(choice: Choice, settledAfterMs = SETTLED_AFTER_MS): Promise<void> {
  asked.abort();
  asked = new AbortController();
  const { signal: gone } = asked;
  const here = id.value;
  if (here === null) return;
  checking.value = true;
  untold.value = null;
  try {
    await new Promise((resolve) => setTimeout(resolve, settledAfterMs));
    if (!gone.aborted) checks.value = await jobs.preflight(here, choice, gone);
  } catch (error) {
    if (gone.aborted) return;
    checks.value = [];
    untold.value = error instanceof Error ? error.message : String(error);
  } finally {
    if (!gone.aborted) checking.value = false;
  }
}

/** Nobody looks any more. */
export function unasked(): void {
  asked.abort();
  checks.value = [];
  checking.value = false;
  untold.value = null;
}
