// Where the moments of the sources lie: in the originals, one after the other, and in the result. Seconds.

import type { Draft, HistoryState, Segment, SourceFile, Track } from "../api/types";
import { line } from "../project/branches";

/** A range of one file, laid on a timeline. One second of the timeline plays `speed` seconds of the file. */
export interface Piece {
  file: string;
  atS: number;
  startS: number;
  lengthS: number;
  speed: number;
  audible: boolean;
}

export interface Range {
  startS: number;
  endS: number;
}

const STILL_S = 5;
const LEAST_S = 0.02; // less than a frame is no cut
const [VIDEO, SOUND] = [0, 1];

/** The files as they came, one after the other; sound beside a picture is not among them. What outlasts the
 * picture of the only one is behind the end of `wholeS`, where that is known. */
export function originals(files: SourceFile[], wholeS = 0): Piece[] {
  const seen = files.filter((file) => file.kind !== "audio");
  let atS = 0;
  return (seen.length > 0 ? seen : files).map((file) => {
    const lengthS = file.kind === "image" ? STILL_S : file.duration_ms / 1000;
    const shownS = seen.length === 1 && wholeS > 0 ? Math.min(lengthS, wholeS) : lengthS;
    const piece = { file: file.file_id, atS, startS: 0, lengthS: shownS, speed: 1, audible: true };
    atS += shownS;
    return piece;
  });
}

/** The pieces of the main track: what is left of the originals. */
export function main(draft: Draft): Piece[] {
  const tracks = draft.t ?? [];
  const track = tracks.find((each) => each.tt === VIDEO) ?? tracks.find((each) => each.tt === SOUND);
  return track === undefined ? [] : pieces(track);
}

/** Everything that is heard, of all tracks. */
export function heard(draft: Draft): Piece[] {
  const sounding = (draft.t ?? []).filter((track) => track.tt === VIDEO || track.tt === SOUND);
  return sounding.flatMap(pieces).filter((piece) => piece.audible);
}

/** What of `before` is not in `after` any more, on the timeline of `before`. */
export function removed(before: Piece[], after: Piece[]): Range[] {
  return before.flatMap((piece) => {
    const left = after
      .filter((each) => each.file === piece.file)
      .map((each) => [each.startS, each.startS + each.lengthS * each.speed] as const)
      .sort((a, b) => a[0] - b[0]);
    const gone: Range[] = [];
    let atS = piece.startS;
    for (const [startS, endS] of [...left, [piece.startS + piece.lengthS, Number.POSITIVE_INFINITY] as const]) {
      if (startS - atS > LEAST_S) gone.push({ startS: piece.atS + atS, endS: piece.atS + startS });
      atS = Math.max(atS, endS);
    }
    return gone;
  });
}

/** The same moment on another timeline; the next one that is there where it is not. */
export function moved(atS: number, from: Piece[], to: Piece[]): number {
  const here = from.find((piece) => atS < piece.atS + piece.lengthS) ?? from.at(-1);
  if (here === undefined) return 0;
  const sourceS = here.startS + (atS - here.atS) * here.speed;
  const there = to
    .filter((piece) => piece.file === here.file && piece.startS + piece.lengthS * piece.speed > sourceS)
    .sort((a, b) => a.startS - b.startS)[0];
  if (there === undefined) return length(to);
  return there.atS + Math.max(sourceS - there.startS, 0) / there.speed;
}

export const length = (pieces: Piece[]): number =>
  pieces.reduce((longest, piece) => Math.max(longest, piece.atS + piece.lengthS), 0);

/** The place before anything was said: of the last upload that no edit came before, on the line in use. */
export function untouched(states: HistoryState[]): number {
  const along = line(states);
  const first = along.findIndex((state) => state.said !== "");
  return (first < 0 ? along.at(-1) : along[Math.max(first - 1, 0)])?.place ?? 0;
}

const pieces = (track: Track): Piece[] => track.sg.flatMap(piece);

function piece({ d, m }: Segment): Piece[] {
  if (m.asset_id === undefined) return [];
  return [
    {
      file: m.asset_id,
      atS: m.at_ms / 1000,
      startS: (m.start_ms ?? 0) / 1000,
      lengthS: d / 1000,
      speed: ratio(m.saycut?.["speed"]),
      audible: m.saycut?.["audible"] !== false,
    },
  ];
}

/** Exact numbers come as text: `3/2`. */
export function ratio(said: unknown): number {
  if (typeof said !== "string") return typeof said === "number" ? said : 1;
  const [over, under] = said.split("/").map(Number);
  return (over ?? 1) / (under ?? 1) || 1;
}
