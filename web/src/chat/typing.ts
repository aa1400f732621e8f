// What is understood while somebody types: asked after a short pause, by the words alone, and nothing is done.

import { effect, signal } from "@preact/signals";
import { glimpse } from "../api/sessions";
import type { Plan } from "../api/types";
import { linksOf } from "../project/bringing";
import { id, latest } from "../project/session";

const PAUSE_MS = 350;
const LEAST_LENGTH = 3;

/** The plan of `text`. */
export interface Glimpse {
  text: string;
  plan: Plan;
}

export const glimpsed = signal<Glimpse | null>(null);

/** A sentence for the field, to be sent or changed. */
export const proposed = signal<string | null>(null);

export function propose(text: string): void {
  proposed.value = text;
}

let asking: AbortController | null = null;
let waiting = 0;
let byModel = false; // what words alone mean is not what would be done then

/** The text as it is now. */
export function typed(text: string): void {
  clearTimeout(waiting);
  asking?.abort();
  const wanted = text.trim();
  if (glimpsed.value?.text !== wanted) glimpsed.value = null;
  if (wanted.length < LEAST_LENGTH || linksOf(wanted).length > 0 || byModel) return;
  waiting = window.setTimeout(() => void look(wanted), PAUSE_MS);
}

/** The plan of that text, when it is known and still one for the project as it is. */
export function planFor(text: string): Plan | null {
  const known = glimpsed.value;
  const holds = known !== null && known.text === text && known.plan.version === latest.value?.version;
  return holds && known.plan.session_id === id.value ? known.plan : null;
}

async function look(text: string): Promise<void> {
  const here = id.value;
  if (here === null) return;
  const mine = (asking = new AbortController());
  try {
    const plan = await glimpse(here, text, mine.signal);
    byModel = plan.by_model;
    if (asking === mine && !byModel) glimpsed.value = { text, plan };
  } catch {
    glimpsed.value = null; // what is wrong is said when the words are sent
  }
}

effect(() => {
  const version = latest.value?.version;
  if (glimpsed.peek()?.plan.version !== version) glimpsed.value = null;
});
