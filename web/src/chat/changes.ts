// The changes that led to the present state, as far as this page has heard of them.

import { computed } from "@preact/signals";
import type { HistoryState, Operation } from "../api/types";
import { entries } from "./conversation";
import type { Work } from "./entries";
import { history } from "../project/session";

const MOST_OPERATIONS = 50; // that one edit takes

/** The state that the project is in. */
export const present = computed<HistoryState | null>(() => history.value?.states[history.value.place] ?? null);

/** The newest first. */
export const made = computed<Work[]>(() => {
  const found: Work[] = [];
  for (let state = present.value; state !== null; state = before(state)) {
    const work = whole(state.turn);
    if (work !== null) found.push(work);
  }
  return found;
});

/** The one that led to the present state; null after an upload. */
export const newest = computed<Work | null>(() => whole(present.value?.turn ?? null));

/** A change that can be made anew: on which state, and all that is done then: itself, and what came after it. */
export interface Anew {
  place: number;
  operations: Operation[];
}

/** Every change from the newest back to the first that this page has not heard of whole, or that is an upload:
 * what came after that cannot be done again without it. */
export const adjustable = computed<Map<Work, Anew>>(() => {
  const found = new Map<Work, Anew>();
  let operations: Operation[] = [];
  for (let state = present.value; state !== null && state.after !== null; state = before(state)) {
    const work = whole(state.turn);
    const own = work?.steps.value.map(({ op, args }): Operation => ({ op, args })) ?? [];
    if (work === null || own.length === 0 || own.some(({ op }) => op === "undo" || op === "redo")) break;
    operations = [...own, ...operations];
    if (operations.length > MOST_OPERATIONS) break;
    found.set(work, { place: state.after, operations });
  }
  return found;
});

const before = (state: HistoryState): HistoryState | null =>
  state.after === null ? null : (history.value?.states[state.after] ?? null);

/** That turn when it went well. */
function whole(turn: string | null): Work | null {
  if (turn === null) return null;
  const work = entries.value.findLast((each): each is Work => each.kind === "work" && each.turn.value === turn);
  if (work === undefined || !work.over.value || work.error.value !== null) return null;
  return work.steps.value.every((step) => step.measured !== null) ? work : null;
}
