// The session that is open: what the service says of it, asked again after every change.

import { batch, computed, signal } from "@preact/signals";
import * as sessions from "../api/sessions";
import { passing, Refused } from "../api/asking";
import type { Latest, SessionHistory, SourceFile } from "../api/types";
import { tellOthers } from "./tabs";
import { language } from "../words";

const KEPT = "saycut.session";

export const id = signal<string | null>(null);
export const latest = signal<Latest | null>(null);
export const history = signal<SessionHistory | null>(null);

export const files = computed<SourceFile[]>(() => latest.value?.state.video_infos ?? []);
export const hasTimeline = computed(() => (latest.value?.state.draft.t ?? []).some((t) => t.sg.length > 0));
/** Seconds of the timeline. */
export const lengthS = computed(() => (latest.value?.state.draft.d ?? 0) / 1000);

/** Go on with the session that this browser had; whether there was one. */
export async function resumed(): Promise<boolean> {
  const kept = localStorage.getItem(KEPT);
  if (kept === null) return false;
  try {
    return await entered(kept);
  } catch (error) {
    if (!(error instanceof Refused) || passing(error)) throw error;
    localStorage.removeItem(KEPT); // somebody else's by now, or gone
    return false;
  }
}

/** Go on with that session in place of the one that is open; false when another was opened meanwhile.
 * Raises Refused when it is not there: what was open is open then. */
export async function entered(session: string): Promise<boolean> {
  const open = id.value;
  const [now, before] = await Promise.all([sessions.latest(session), sessions.history(session)]);
  if (id.value !== open) return false;
  localStorage.setItem(KEPT, session);
  batch(() => {
    id.value = session;
    latest.value = now;
    history.value = before;
  });
  return true;
}

/** The open session; a new one, called `name`, when there is none. */
export async function opened(name: string): Promise<string> {
  if (id.value !== null) return id.value;
  const made = await sessions.made(name, language.value);
  localStorage.setItem(KEPT, made);
  id.value = made;
  await look(made);
  return made;
}

/** Begin anew; what was there stays with the service. */
export function left(): void {
  localStorage.removeItem(KEPT);
  batch(() => {
    id.value = null;
    latest.value = null;
    history.value = null;
  });
}

/** Ask the service how the session stands after something was done here; other tabs are told. */
export async function refreshed(): Promise<void> {
  const [here, before] = [id.value, history.value?.version];
  await looked();
  if (here !== null && history.value?.version !== before) tellOthers(here);
}

/** Ask the service how the session stands. */
export async function looked(): Promise<void> {
  if (id.value !== null) await look(id.value);
}

async function look(session: string): Promise<void> {
  const [now, before] = await Promise.all([sessions.latest(session), sessions.history(session)]);
  if (id.value !== session) return; // another was opened meanwhile
  batch(() => {
    latest.value = now;
    history.value = before;
  });
}
