// Pauses that were taken out and are to stay after all: the newest change is made anew, and leaves them alone.

import { computed } from "@preact/signals";
import type { Json, Operation } from "../api/types";
import { newest, present } from "../chat/changes";
import { carryOut } from "../chat/conversation";
import type { Step } from "../chat/entries";
import { moved, type Range } from "./places";
import { originals, removed, result } from "./playback";

/** Start and end in seconds of the timeline in which the pauses were looked for. */
type Cut = readonly [startS: number, endS: number];

const TRIM = "trim_silence";
const SAME_S = 0.05; // frames and milliseconds were rounded on the way; pauses are longer

const steps = computed<Step[]>(() => newest.value?.steps.value ?? []);

/** What was cut there, by the start of what is missing of the originals. */
const cuts = computed<Map<number, Cut>>(() => {
  const trims = steps.value.filter((step) => step.op === TRIM);
  const told = trims.length === 1 ? trims[0]?.measured?.["cuts"] : undefined;
  const found = new Map<number, Cut>();
  const seams = removed.value.map((range) => ({ range, seamS: moved(range.startS, originals.value, result.value) }));
  let goneS = 0; // by the cuts before
  for (const cut of spans(told)) {
    const seamS = cut[0] - goneS; // where it lies in the result
    const lengthS = cut[1] - cut[0];
    goneS += lengthS;
    // Other cuts may have met at this seam, or another speed moved it: then this is not the same piece.
    const here = seams.filter((each) => Math.abs(each.seamS - seamS) < SAME_S).map(({ range }) => range);
    const missingS = here.reduce((sum, range) => sum + range.endS - range.startS, 0);
    if (Math.abs(missingS - lengthS) < SAME_S) for (const range of here) found.set(range.startS, cut);
  }
  return found;
});

/** Whether the newest change took this out, and could leave it in. */
export const keepable = (range: Range): boolean => cuts.value.has(range.startS);

/** Make the newest change anew without this cut, beside it. */
export async function keep(range: Range): Promise<void> {
  const cut = cuts.value.get(range.startS);
  if (cut === undefined) return;
  const anew = steps.value.map(({ op, args }): Operation => {
    if (op !== TRIM) return { op, args };
    const spared = spans(args["spare"]).map((each): Json => [...each]);
    return { op, args: { ...args, spare: [...spared, [...cut]] } };
  });
  await carryOut(anew, present.value?.after ?? null);
}

function spans(told: Json | undefined): Cut[] {
  if (!Array.isArray(told)) return [];
  return told.flatMap((each) => {
    const [startS, endS] = Array.isArray(each) ? each : [];
    return typeof startS === "number" && typeof endS === "number" ? [[startS, endS] as const] : [];
  });
}
