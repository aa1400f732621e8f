// The player's state: which side is heard, where, and what is shown meanwhile.

import { batch, computed, effect, signal } from "@preact/signals";
import { files, history, id, latest, lengthS } from "../project/session";
import { tell } from "../shell/notices";
import { fetchFilm } from "./film";
import * as places from "./places";
import { ratio, type Range } from "./places";
import { piece, Playing, type Source } from "./sound";

export type Side = "before" | "after";
const READY_MS = 400;
const SOUGHT_MS = 200;
const USUAL_FPS = 30;

export const side = signal<Side>("after");
export const atS = signal(0); // on the timeline of `side`
export const playing = signal<"all" | "removed" | null>(null);
/** Whether it sounds: what plays may still be on its way. */
export const running = signal(false);
export const matched = signal(true);
/** Whether single frames are looked for: then the film is needed also while nothing plays. */
export const stepping = signal(false);
/** The places of the states that are compared; null for the originals, and for the project as it is. */
export const sides = signal<Record<Side, number | null>>({ before: null, after: null });
/** Whether the project as it is is seen and heard: nothing else can be changed. */
export const onResult = computed(() => side.value === "after" && sides.value.after === null);
/** The tracks of the result that are heard alone; none: all are. */
export const solo = signal<ReadonlySet<string>>(new Set());

export const originals = computed(() => {
  const states = history.value?.states ?? [];
  return places.originals(files.value, states[places.untouched(states)]?.duration_s);
});
export const result = computed(() => places.main(latest.value?.state.draft ?? {}));
const usual = computed(() => sides.value.before === null && sides.value.after === null);
export const removed = computed<Range[]>(() =>
  usual.value ? places.removed(originals.value, result.value) : [],
);
export const beforeLengthS = computed(() => places.length(originals.value));
export const hasPicture = computed(() => files.value.some((file) => file.kind !== "audio"));

/** How long the side is that is heard. */
export const wholeS = computed(() => length(side.value));

function length(of: Side): number {
  const place = sides.value[of];
  if (place !== null) return history.value?.states[place]?.duration_s ?? 0;
  return of === "after" ? lengthS.value : beforeLengthS.value;
}

export function source(of: Side): Source | null {
  const [session, now] = [id.value, history.value];
  if (session === null || now === null || latest.value === null) return null;
  const place = sides.value[of] ?? (of === "after" ? now.place : places.untouched(now.states));
  const alone = of === "after" && sides.value.after === null && solo.value.size > 0 ? [...solo.value].sort() : null;
  return { session, place, lengthS: length(of), solo: alone };
}

let sounding: Playing | null = null;
let asked = 0;
let sought: ReturnType<typeof setTimeout> | undefined;

export function stop(): void {
  clearTimeout(sought);
  asked += 1;
  sounding?.stop();
  sounding = null;
  batch(() => {
    playing.value = null;
    running.value = false;
  });
}

/** Play the side that is chosen, from where it is. */
export async function play(): Promise<void> {
  stop();
  if (atS.value >= wholeS.value - 0.05) atS.value = 0;
  const mine = asked;
  playing.value = "all";
  await begin(source(side.value), atS.value, wholeS.value, mine, stop);
}

/** Play a stretch of the result, and nothing else. */
export async function playRange({ startS, endS }: Range): Promise<void> {
  stop();
  const mine = asked;
  batch(() => {
    side.value = "after";
    sides.value = { ...sides.value, after: null };
    playing.value = "all";
  });
  await begin(source("after"), startS, endS, mine, stop);
}

/** Play what was taken out, one piece after the other; or only the piece `from`. */
export async function playRemoved(from?: Range): Promise<void> {
  const pieces = from === undefined ? [...removed.value] : [from];
  if (pieces.length === 0) return;
  stop();
  const mine = asked;
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
    const gainDb = matched.value ? await quieter(of, fromS) : 0;
    if (mine !== asked) return;
    sounding = new Playing(of, fromS, endS, gainDb, ended);
    atS.value = fromS;
    await sounding.start();
    if (mine !== asked) return;
    running.value = true;
    follow(mine);
  } catch (error) {
    if (mine === asked) stop();
    throw error;
  }
}

/** By how many dB this side is turned down at that moment so that neither is louder; never up. */
async function quieter(of: Source, fromS: number): Promise<number> {
  const other = source(side.value === "after" ? "before" : "after");
  if (other === null || other.place === of.place || of.solo !== null) return 0;
  const there = otherSide(fromS);
  const [mine, theirs] = await Promise.all([piece(of, fromS), piece(other, there)]);
  return mine.lufs === null || theirs.lufs === null ? 0 : Math.min(theirs.lufs - mine.lufs, 0);
}

/** The same moment on the other side. */
function otherSide(s: number): number {
  if (!usual.value) return Math.min(s, length(side.value === "after" ? "before" : "after"));
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

/** To that moment; what played plays on from there as soon as nobody moves any more. */
export function seek(s: number): void {
  const on = playing.value === "all";
  stop();
  atS.value = Math.min(Math.max(s, 0), wholeS.value);
  if (!on) return;
  playing.value = "all";
  sought = setTimeout(() => void play().catch(tell), SOUGHT_MS);
}

/** Some frames of the present side on, or back. */
export function stepped(frames: number): void {
  stop();
  stepping.value = true;
  const rate = frameRate();
  const frame = Math.round(atS.value * rate) + frames;
  atS.value = Math.min(Math.max(frame / rate, 0), Math.max(wholeS.value - 1 / rate, 0));
}

/** Frames a second of the side that is seen: as asked of the result, else those of its first film. */
function frameRate(): number {
  const asked = latest.value?.state.draft.m?.saycut?.["output"];
  const said = side.value === "after" && asked instanceof Object && !Array.isArray(asked) ? asked["frame_rate"] : null;
  const pieces = (side.value === "after" ? result : originals).value;
  const rates = pieces.map((each) => files.value.find((file) => file.file_id === each.file)?.frame_rate);
  return (typeof said === "string" ? ratio(said) : null) ?? rates.find((rate) => rate !== undefined) ?? USUAL_FPS;
}

/** What a side is. */
export function compare(of: Side, place: number | null): void {
  stop();
  sides.value = { ...sides.value, [of]: place };
  if (atS.value > wholeS.value) atS.value = 0;
}

function follow(mine: number): void {
  if (mine !== asked || sounding === null) return;
  atS.value = sounding.atS;
  requestAnimationFrame(() => follow(mine));
}

/** Hear that track alone, or with others that were chosen, or no longer. */
export function soloed(track: string): void {
  const chosen = new Set(solo.value);
  if (!chosen.delete(track)) chosen.add(track);
  const on = playing.value === "all" && side.value === "after";
  stop();
  solo.value = chosen;
  if (on) play().catch(tell);
}

// What is not there any more is not heard alone: nothing would be.
effect(() => {
  const tracks = (latest.value?.state.draft.t ?? []).map((track) => String(track.m.saycut?.["id"] ?? ""));
  const there = [...solo.peek()].filter((track) => tracks.includes(track));
  if (there.length < solo.peek().size) solo.value = new Set(there);
});

// Another place, or session: what was done last is to be heard again; another session has other states to compare.
let heardOf: string | null = null;
const present = computed(() => history.value?.place ?? null);
effect(() => {
  const [session, place] = [id.value, present.value];
  const { before } = sides.peek();
  sides.value = { before: session === heardOf && place !== before ? before : null, after: null };
  if (session !== heardOf) solo.value = new Set();
  heardOf = session;
});

// A new state of the session: stop, and stay within it.
effect(() => {
  void history.value?.version;
  void id.value;
  stop();
  if (atS.peek() > wholeS.peek()) atS.value = 0;
  // What fails is said when it is to be played.
  const soon = setTimeout(() => ready().catch(() => undefined), READY_MS);
  return () => clearTimeout(soon);
});

/** Have the sound of both sides at this moment, then the film: they will be asked for next. */
async function ready(): Promise<void> {
  const [here, other] = [source("after"), source("before")];
  if (here === null || other === null || here.lengthS === 0) return;
  await piece(here, atS.peek());
  if (other.place !== here.place) await piece(other, atS.peek());
  if (hasPicture.peek()) await fetchFilm(here, atS.peek());
}
