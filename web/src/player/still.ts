// The picture at a moment where no film of it is there: one at a time is asked for, the newest wish counts.

import { computed, effect, signal } from "@preact/signals";
import { preview } from "../api/sessions";
import { tell } from "../shell/notices";
import { film, unplayable } from "./film";
import { atS, hasPicture, playing, side, source } from "./playback";

const EVERY_S = 1;

export const still = signal<string | null>(null);

const wish = computed(() => {
  const of = source(side.value);
  if (of === null || of.lengthS === 0 || !hasPicture.value || film(of, atS.value) !== null) return null;
  if (playing.value !== null && !unplayable.value) return null; // its film is on the way
  const s = Math.min(Math.floor(atS.value / EVERY_S) * EVERY_S, Math.max(of.lengthS - 0.1, 0));
  return JSON.stringify([of.session, of.place, s]);
});
let looking = false;

effect(() => {
  if (source(side.value) === null) still.value = null;
  if (wish.value !== null && !looking) void look();
});

async function look(): Promise<void> {
  looking = true;
  try {
    for (let shown: string | null = null; wish.peek() !== null && wish.peek() !== shown; ) {
      shown = wish.peek();
      const [session, place, at_s] = JSON.parse(shown ?? "") as [string, number, number];
      const { data } = await preview(session, { what: "picture", at_s, side: 640, place });
      const before = still.peek();
      still.value = URL.createObjectURL(data);
      if (before !== null) URL.revokeObjectURL(before);
    }
  } catch (error) {
    tell(error);
  } finally {
    looking = false;
  }
}
