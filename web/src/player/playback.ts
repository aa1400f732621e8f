// The player's state: which side is heard, where, and what is shown meanwhile.

import { batch, computed, effect, signal } from "@preact/signals";
import { preview } from "../api/sessions";
import { files, history, id, latest, lengthS } from "../project/session";
import { tell } from "../shell/notices";
import * as places from "./places";
import type { Range } from "./places";
import { level, piece, Playing, type Source } from "./sound";

export type Side = "before" | "after";
const PICTURE_EVERY_S = 1;

export const side = signal<Side>("after");
export const atS = signal(0); // on the timeline of `side`
export const playing = signal<"all" | "removed" | null>(null);
export const matched = signal(true);
/** The state that is compared with; null for the originals. */
export const comparedWith = signal<number | null>(null);
export const picture = signal<string | null>(null);

export const originals = computed(() => places.originals(files.value));
export const result = computed(() => places.main(latest.value?.state.draft ?? {}));
export const removed = computed<Range[]>(() =>
  comparedWith.value === null ? places.removed(originals.value, result.value) : [],
);
export const beforeLengthS = computed(() => places.length(originals.value));
export const hasPicture = computed(() => files.value.some((file) => file.kind !== "audio"));

/** How long the side is that is heard. */
export const wholeS = computed(() => length(side.value));

function length(of: Side): number {
  return of === "after" || comparedWith.value !== null ? lengthS.value : beforeLengthS.value;
}

function source(of: Side): Source | null {
  const [session, now] = [id.value, history.value];
  if (session === null || now === null || latest.value === null) return null;
  const before = comparedWith.value ?? places.untouched(now.states);
  const place = of === "after" ? now.place : before;
  return { session, version: now.version, place, lengthS: length(of) };
}

let sounding: Playing | null = null;
let asked = 0;

export function stop(): void {
  asked += 1;
  sounding?.stop();
  sounding = null;
  playing.value = null;
}

/** Play the side that is chosen, from where it is. */
export async function play(): Promise<void> {
  stop();
  if (atS.value >= wholeS.value - 0.05) atS.value = 0;
  const mine = asked;
  playing.value = "all";
  await begin(source(side.value), atS.value, wholeS.value, mine, stop);
}

/** Play what was taken out, one piece after the other; or only the piece `from`. */
export async function playRemoved(from?: Range): Promise<void> {
  stop();
  const mine = asked;
  const pieces = from === undefined ? [...removed.value] : [from];
  batch(() => {
    side.value = "before";
    playing.value = "removed";
  });
  const next = async (): Promise<void> => {
    const range = pieces.shift();
    if (range === undefined) return stop();
    await begin(source("before"), range.startS, range.endS, mine, () => next().catch(tell));
  };
  await next();
}

async function begin(
  of: Source | null,
  fromS: number,
  endS: number,
  mine: number,
  ended: () => void,
): Promise<void> {
  if (of === null) return;
  try {
    const gainDb = matched.value ? await quieter(of) : 0;
    if (mine !== asked) return;
    sounding = new Playing(of, fromS, endS, gainDb, ended);
    atS.value = fromS;
    await sounding.start();
    if (mine === asked) follow(mine);
  } catch (error) {
    if (mine === asked) stop();
    throw error;
  }
}

/** By how many dB this side is turned down so that neither is louder; never up. */
async function quieter(of: Source): Promise<number> {
  const other = source(side.value === "after" ? "before" : "after");
  if (other === null || other.place === of.place) return 0;
  const there = otherSide(atS.value);
  const [mine, theirs] = await Promise.all([piece(of, atS.value), piece(other, there)]);
  const [loud, quiet] = [level(mine), level(theirs)];
  return loud === null || quiet === null ? 0 : Math.min(quiet - loud, 0);
}

/** The same moment on the other side. */
function otherSide(s: number): number {
  if (comparedWith.value !== null) return Math.min(s, lengthS.value);
  const [from, to] = side.value === "after" ? [result, originals] : [originals, result];
  return Math.min(places.moved(s, from.value, to.value), Math.max(places.length(to.value) - 0.1, 0));
}

/** Hear the other side of the same moment. */
export function swapped(): void {
  const there = otherSide(atS.value);
  const on = playing.value === "all";
  stop();
  batch(() => {
    side.value = side.value === "after" ? "before" : "after";
    atS.value = there;
  });
  if (on) play().catch(tell);
}

export function seek(s: number): void {
  const on = playing.value === "all";
  stop();
  atS.value = Math.min(Math.max(s, 0), wholeS.value);
  if (on) play().catch(tell);
}

export function compare(place: number | null): void {
  stop();
  comparedWith.value = place;
}

function follow(mine: number): void {
  if (mine !== asked || sounding === null) return;
  atS.value = sounding.atS;
  requestAnimationFrame(() => follow(mine));
}

// A new state of the session: stop, and stay within it.
effect(() => {
  const version = history.value?.version;
  const session = id.value;
  stop();
  if (session === null || version === undefined) picture.value = null;
  if (atS.peek() > wholeS.peek()) atS.value = 0;
});

// What is seen at the moment: one picture at a time is asked for, the newest wish counts.
const wish = computed(() => {
  const of = source(side.value);
  if (of === null || of.lengthS === 0 || !hasPicture.value) return null;
  const s = Math.min(Math.floor(atS.value / PICTURE_EVERY_S) * PICTURE_EVERY_S, Math.max(of.lengthS - 0.1, 0));
  return JSON.stringify([of.session, of.version, of.place, s]);
});
let looking = false;

effect(() => {
  if (wish.value !== null && !looking) void look();
});

async function look(): Promise<void> {
  looking = true;
  try {
    for (let shown: string | null = null; wish.peek() !== null && wish.peek() !== shown; ) {
      shown = wish.peek();
      const [session, , place, at_s] = JSON.parse(shown ?? "") as [string, number, number, number];
      const seen = await preview(session, { what: "picture", at_s, side: 640, place });
      const before = picture.peek();
      picture.value = URL.createObjectURL(seen);
      if (before !== null) URL.revokeObjectURL(before);
    }
  } catch (error) {
    tell(error);
  } finally {
    looking = false;
  }
}
