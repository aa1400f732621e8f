// The history as rows: the line in use, and beside it what was left when something else was done instead.

import type { HistoryState } from "../api/types";

/** States one after the other, from where they left the one at `after`; `depth` counts the rows between it and
 * the line. */
export interface Branch {
  after: number;
  depth: number;
  states: HistoryState[];
}

export const line = (states: HistoryState[]): HistoryState[] => states.filter((state) => state.on_line);

/** The other rows, the oldest first. */
export function branches(states: HistoryState[]): Branch[] {
  const made: Branch[] = [];
  for (const state of states) {
    if (state.on_line || state.after === null) continue;
    const whole = made.find((each) => each.states.at(-1)?.place === state.after);
    if (whole !== undefined) whole.states.push(state);
    else made.push({ after: state.after, depth: depth(made, state.after), states: [state] });
  }
  return made;
}

function depth(made: Branch[], after: number): number {
  const from = made.find((each) => each.states.some((state) => state.place === after));
  return from === undefined ? 0 : from.depth + 1;
}
