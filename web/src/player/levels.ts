// What the waveforms are drawn from: levels of the files at once, of the result as soon as it was listened to.

import { computed, effect, signal } from "@preact/signals";
import { Refused } from "../api/asking";
import { peaks, resultPeaks } from "../api/sessions";
import { files, history, id, latest, lengthS } from "../project/session";
import { heard, type Piece } from "./places";
import { beforeLengthS, originals } from "./playback";

const COLUMNS = 800;
const SKETCHED_MS = 20_000;
const LISTENED_S = 600; // of a longer result the levels stay those of its files
const SETTLED_MS = 1500;
const levels = signal<Map<string, number[]>>(new Map());
/** Levels of the result itself; null until it was listened to. */
const listened = signal<number[] | null>(null);

// A new state: listened to when nothing else has happened for a moment, given up when something does.
effect(() => {
  const [session, version, whole] = [id.value, history.value?.version, lengthS.value];
  listened.value = null;
  if (session === null || version === undefined || whole === 0 || whole > LISTENED_S) return undefined;
  const leaving = new AbortController();
  const soon = setTimeout(() => {
    // What cannot be listened to is drawn from its files.
    resultPeaks(session, leaving.signal).then((told) => (listened.value = told), () => undefined);
  }, SETTLED_MS);
  return () => {
    clearTimeout(soon);
    leaving.abort();
  };
});

/** Levels of every file that sounds, fetched once each. */
export async function fetchLevels(): Promise<void> {
  const session = id.value;
  if (session === null) return;
  for (const file of files.value) {
    const key = `${session}/${file.file_id}`;
    if (file.kind === "image" || levels.peek().has(key)) continue;
    levels.value = new Map(levels.peek()).set(key, []);
    // A film without sound has none. Of a long file a sketch comes first: the whole takes seconds.
    for (const soon of file.duration_ms > SKETCHED_MS ? [true, false] : [false]) {
      const told = await peaks(session, file.file_id, soon).catch((error: unknown) => {
        if (!(error instanceof Refused)) forgotten(key); // asked for again, when something happens
        return null;
      });
      if (told !== null) levels.value = new Map(levels.peek()).set(key, told.peaks);
      if (told === null || told.exact) break;
    }
  }
}

function forgotten(key: string): void {
  const left = new Map(levels.peek());
  left.delete(key);
  levels.value = left;
}

/** The loudest of what sounds in each of so many columns. */
function drawn(pieces: Piece[], lengthS: number, known: Map<string, number[]>): number[] {
  const lengths = new Map(files.value.map((file) => [file.file_id, file.duration_ms / 1000]));
  return Array.from({ length: COLUMNS }, (_, column) => {
    const s = ((column + 0.5) / COLUMNS) * lengthS;
    let most = 0;
    for (const each of pieces) {
      if (s < each.atS || s >= each.atS + each.lengthS) continue;
      const of = known.get(`${id.value}/${each.file}`) ?? [];
      const share = (each.startS + (s - each.atS) * each.speed) / (lengths.get(each.file) ?? 1);
      most = Math.max(most, of[Math.min(Math.floor(share * of.length), of.length - 1)] ?? 0);
    }
    return most;
  });
}

/** As many columns as are drawn, each the loudest that lies in it. */
function columns(of: number[]): number[] {
  return Array.from({ length: COLUMNS }, (_, column) => {
    const [first, end] = [column, column + 1].map((each) => Math.floor((each / COLUMNS) * of.length));
    return Math.max(0, ...of.slice(first, end));
  });
}

export const before = computed(() => drawn(originals.value, beforeLengthS.value, levels.value));
export const after = computed(() => {
  if (listened.value !== null) return columns(listened.value);
  return drawn(heard(latest.value?.state.draft ?? {}), lengthS.value, levels.value);
});
export const loudest = computed(() => Math.max(...before.value, ...after.value, 0.01));
