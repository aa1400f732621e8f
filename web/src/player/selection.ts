// A stretch of the result that was marked, to play it, to mute it, to cut it out or to keep it alone.

import { batch, computed, effect, signal } from "@preact/signals";
import type { Range } from "./places";
import { atS, onResult, playRange } from "./playback";
import { carryOut } from "../chat/conversation";
import { history, id } from "../project/session";

const LEAST_S = 0.02;

const inS = signal<number | null>(null);
const outS = signal<number | null>(null);

/** Null until both ends are marked. */
export const selection = computed<Range | null>(() => {
  if (inS.value === null || outS.value === null || outS.value - inS.value < LEAST_S) return null;
  return { startS: inS.value, endS: outS.value };
});

// What was marked belongs to one state.
effect(() => {
  void history.value?.version;
  void id.value;
  cleared();
});

/** Mark this moment as where it begins, or ends; what lies on the wrong side of it is given up. */
export function mark(end: "in" | "out"): void {
  if (!onResult.value) return;
  const here = atS.value;
  batch(() => {
    if (end === "in") {
      inS.value = here;
      if (outS.value !== null && outS.value <= here) outS.value = null;
    } else {
      outS.value = here;
      if (inS.value === null || inS.value >= here) inS.value = 0;
    }
  });
}

export function marked({ startS, endS }: Range): void {
  batch(() => {
    inS.value = startS;
    outS.value = endS;
  });
}

export function cleared(): void {
  batch(() => {
    inS.value = null;
    outS.value = null;
  });
}

export type Fate = "mute" | "cut" | "trim";

/** Do that with what is marked: a change like any other, to be taken back. */
export async function become(op: Fate): Promise<void> {
  const range = selection.value;
  if (range === null) return;
  await carryOut([{ op, args: { start: rounded(range.startS), end: rounded(range.endS) } }]);
}

export async function playSelection(): Promise<void> {
  if (selection.value !== null) await playRange(selection.value);
}

const rounded = (s: number): number => Math.round(s * 1000) / 1000;
