// The changes that led to the present state, by what the history calls them.

import { computed } from "@preact/signals";
import { entries } from "./conversation";
import type { Work } from "./entries";
import { history } from "../project/session";

/** In order; files that were added, and what this page has not heard of, are not among them. */
export const made = computed<Work[]>(() => {
  const now = history.value;
  const states = now?.states.slice(1, now.place + 1) ?? [];
  return states.flatMap((state) => (state.said === "" ? [] : (whole(state.said) ?? [])));
});

/** The one that led to the present state; null where that is not known. */
export const newest = computed<Work | null>(() => {
  const now = history.value;
  const said = now?.states[now.place]?.said ?? "";
  return said === "" ? null : whole(said);
});

/** The turn of that name when it went well. */
function whole(said: string): Work | null {
  const work = entries.value.findLast((each): each is Work => each.kind === "work" && each.text === said);
  if (work === undefined || !work.over.value || work.error.value !== null) return null;
  return work.steps.value.every((step) => step.measured !== null) ? work : null;
}
