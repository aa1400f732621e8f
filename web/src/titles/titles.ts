// The words on the picture, as the draft has them, and how they are changed.

import { computed, signal } from "@preact/signals";
import type { Args, Draft, Segment } from "../api/types";
import { carryOut } from "../chat/conversation";
import { latest } from "../project/session";

export const POSITIONS = [
  "top_left",
  "top",
  "top_right",
  "left",
  "center",
  "right",
  "bottom_left",
  "bottom",
  "bottom_right",
] as const;
export type Position = (typeof POSITIONS)[number];

/** One text, from `startS` to `endS` of the timeline; `number` is how operations call it, from 1 on. */
export interface Title {
  number: number;
  text: string;
  startS: number;
  endS: number;
  position: Position;
  color: string;
  style: string;
}

const TEXT = 7;

export const titles = computed<Title[]>(() => read(latest.value?.state.draft ?? {}));
/** The one that is worked on; one that is not there yet has the number 0. */
export const edited = signal<Title | null>(null);

function read(draft: Draft): Title[] {
  const segments = (draft.t ?? []).filter((track) => track.tt === TEXT).flatMap((track) => track.sg);
  return segments.map(title).sort((a, b) => a.number - b.number);
}

function title({ d, m }: Segment, place: number): Title {
  const own = m.saycut ?? {};
  const order = own["order"];
  return {
    number: (typeof order === "number" ? order : place) + 1,
    text: m.text ?? "",
    startS: m.at_ms / 1000,
    endS: (m.at_ms + d) / 1000,
    position: POSITIONS.find((each) => each === own["position"]) ?? "center",
    color: text(own["color"]) ?? "white",
    style: text(own["style"]) ?? "title",
  };
}

/** A text at this moment that says nothing yet. */
export function begin(atS: number, wholeS: number, position: Position): void {
  const startS = Math.floor(atS * 10) / 10; // not behind the moment it is seen at
  const endS = Math.min(startS + USUAL_S, Math.round(wholeS * 10) / 10);
  edited.value = { number: 0, text: "", startS, endS, position, color: "white", style: "title" };
}

const USUAL_S = 5;

/** Put the text that was worked on into the picture. */
export async function shown(title: Title): Promise<void> {
  const { number, startS, endS, ...same } = title;
  const args: Args = { ...same, start: startS, end: endS };
  edited.value = null;
  await carryOut([{ op: "text", args: number === 0 ? args : { ...args, number } }]);
}

export async function removed(title: Title): Promise<void> {
  edited.value = null;
  if (title.number > 0) await carryOut([{ op: "delete", args: { target: `text:${title.number}` } }]);
}

const text = (said: unknown): string | null => (typeof said === "string" ? said : null);
