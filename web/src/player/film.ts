// Films of ten seconds of a state, small and without sound, fetched when they are needed and kept for a while.

import { signal } from "@preact/signals";
import { Refused } from "../api/asking";
import { preview } from "../api/sessions";
import type { Source } from "./sound";

export const FILM_S = 10;
const MOST_FILMS = 12; // about 6 MB, and both sides of a minute
const AGAIN_MS = 3000;

/** One film: where it lies on its timeline, and where the browser has it. */
export interface Film {
  key: string;
  startS: number;
  address: string;
}

const known = signal<ReadonlyMap<string, Film>>(new Map());
const coming = new Set<string>();
const refused = new Set<string>(); // not asked for again
let notBeforeMs = 0; // after the service was away
/** Whether this browser could not play one: then there are only pictures. */
export const unplayable = signal(false);

const keyOf = (source: Source, number: number): string =>
  [source.session, source.place, number].join("/");

/** The film in which that moment lies, where it is there already. */
export function film(source: Source, atS: number): Film | null {
  return known.value.get(keyOf(source, Math.floor(atS / FILM_S))) ?? null;
}

/** Have the film of that moment; nothing for a moment behind the end, or while another is on its way. */
export async function fetchFilm(source: Source, atS: number): Promise<void> {
  const number = Math.floor(atS / FILM_S);
  const [key, startS] = [keyOf(source, number), number * FILM_S];
  if (unplayable.value || startS >= source.lengthS || coming.size > 0) return;
  if (known.peek().has(key) || refused.has(key) || performance.now() < notBeforeMs) return;
  coming.add(key);
  try {
    const look = { what: "film" as const, at_s: startS, seconds: FILM_S, place: source.place };
    const { data } = await preview(source.session, { ...look, side: 640 });
    keep({ key, startS, address: URL.createObjectURL(data) });
  } catch (error) {
    if (error instanceof Refused) refused.add(key);
    else notBeforeMs = performance.now() + AGAIN_MS;
    throw error;
  } finally {
    coming.delete(key);
  }
}

/** Whether the browser's complaint is about a film itself, not about one that was let go meanwhile. */
export function failed(address: string): void {
  if ([...known.value.values()].some((film) => film.address === address)) unplayable.value = true;
}

/** The oldest go; those that an element still shows have been loaded and play on. */
function keep(film: Film): void {
  const films = new Map(known.peek()).set(film.key, film);
  for (const [key, oldest] of [...films].slice(0, Math.max(films.size - MOST_FILMS, 0))) {
    URL.revokeObjectURL(oldest.address);
    films.delete(key);
  }
  known.value = films;
}
