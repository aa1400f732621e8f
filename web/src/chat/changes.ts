// The changes that led to the present state, as far as this page has heard of them.

import { computed } from "@preact/signals";
import type { HistoryState } from "../api/types";
import { entries } from "./conversation";
import type { Work } from "./entries";
import { history } from "../project/session";

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

const before = (state: HistoryState): HistoryState | null =>
  state.after === null ? null : (history.value?.states[state.after] ?? null);

/** That turn when it went well. */
function whole(turn: string | null): Work | null {
  if (turn === null) return null;
  const work = entries.value.findLast((each): each is Work => each.kind === "work" && each.turn.value === turn);
  if (work === undefined || !work.over.value || work.error.value !== null) return null;
  return work.steps.value.every((step) => step.measured !== null) ? work : null;
}
