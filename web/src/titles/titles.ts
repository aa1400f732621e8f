// The words on the picture, as the draft has them, and how they are changed.

import { computed, effect, signal } from "@preact/signals";
import type { Args, Draft, Segment } from "../api/types";
import { carryOut } from "../chat/conversation";
import { id, latest } from "../project/session";

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
  key: string; // the step that it came with, and its place: the same text as long as that is the same
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

// What is worked on belongs to one session; where the texts have changed meanwhile, it becomes a new one.
let workedOn: string | null = null;
effect(() => {
  const [session, there, title] = [id.value, titles.value, edited.peek()];
  if (session !== workedOn) edited.value = null;
  else if (title !== null && title.number > 0 && there[title.number - 1]?.key !== title.key) {
    edited.value = { ...title, number: 0 };
  }
  workedOn = session;
});

function read(draft: Draft): Title[] {
  const segments = (draft.t ?? []).filter((track) => track.tt === TEXT).flatMap((track) => track.sg);
  return segments.map(title).sort((a, b) => a.number - b.number);
}

function title({ d, m }: Segment, place: number): Title {
  const own = m.saycut ?? {};
  const order = own["order"];
  const number = (typeof order === "number" ? order : place) + 1;
  return {
    number,
    key: `${number}/${String(own["by"])}`,
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
  edited.value = { number: 0, key: "", text: "", startS, endS, position, color: "white", style: "title" };
}

const USUAL_S = 5;

/** Put the text that was worked on into the picture. */
export async function shown(title: Title): Promise<void> {
  const { number, key: _, startS, endS, ...same } = title;
  const args: Args = { ...same, start: startS, end: endS };
  const done = await carryOut([{ op: "text", args: number === 0 ? args : { ...args, number } }]);
  if (done) edited.value = null; // else what was written is still there
}

export async function removed(title: Title): Promise<void> {
  if (title.number > 0) await carryOut([{ op: "delete", args: { target: `text:${title.number}` } }]);
  edited.value = null;
}

const text = (said: unknown): string | null => (typeof said === "string" ? said : null);
