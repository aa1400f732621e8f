// The conversation: a sentence becomes a plan, a plan that is agreed to becomes a turn.

import { computed, effect, signal } from "@preact/signals";
import { Refused } from "../api/asking";
import * as sessions from "../api/sessions";
import { type Begun, events } from "../api/stream";
import type { Json, Operation, Plan, TurnEvent } from "../api/types";
import { bringLinks, coming, linksOf } from "../project/bringing";
import * as session from "../project/session";
import { tellOthers } from "../project/tabs";
import { patiently } from "../shell/away";
import { call } from "../shell/calling";
import { tell } from "../shell/notices";
import type { Anew } from "./changes";
import { changed } from "./hearing";
import { Card, type Entry, Said, Work } from "./entries";
import { t } from "../words";

const LONG_MS = 10_000; // a turn that takes longer is called out when it is done

export const entries = signal<Entry[]>([]);
export const thinking = signal(false);

const asking = signal(0); // requests under way that begin a turn

/** Whether files come or a turn is under way: until that is over nothing else is begun. */
export const busy = computed(
  () =>
    thinking.value ||
    asking.value > 0 ||
    coming.value.length > 0 ||
    entries.value.some((each) => each.kind === "work" && !each.over.value),
);

/** What the person said: a plan to agree to, links to fetch, or a question that is answered at once. */
export async function say(text: string, known: Plan | null = null): Promise<void> {
  const links = linksOf(text);
  if (links.length > 0) return bringLinks(links);
  add(new Said(text));
  const here = await session.opened(text.slice(0, 60));
  thinking.value = true;
  try {
    const now = session.history.value?.version;
    const plan = known?.version === now && known !== null ? known : await sessions.plan(here, text);
    if (plan.version !== now) missed.value = true;
    const moves = plan.operations.every((each) => each.op === "undo" || each.op === "redo");
    if (plan.kind === "edit" && plan.operations.length > 0 && plan.question === null && !moves) {
      add(new Card(text, plan));
      return;
    }
  } finally {
    thinking.value = false;
  }
  // Nothing that changes anything for good: answered, asked back, or moved in the history.
  await follow(new Work(text), { text });
}

/** Carry out what is ticked on the card, exactly; what is adjusted is done to the state before, in place of what was. */
export async function apply(card: Card): Promise<void> {
  const chosen = card.operations;
  const operations: Operation[] = chosen.map(({ op, args }) => ({ op, args }));
  try {
    const { session_id, version } = card.plan;
    const turn = await asked(() => sessions.edit(session_id, operations, version, card.place));
    card.decide("applied");
    await follow(new Work(turn.text, chosen), { turn: turn.id });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 409) throw error;
    card.decide("stale");
  }
}

/** Carry out operations that were chosen otherwise than in words, on the present state or on that at `place`;
 * whether it went well. */
export async function carryOut(operations: Operation[], place: number | null = null): Promise<boolean> {
  const [here, now] = [session.id.value, session.history.value];
  if (here === null || now === null) return false;
  const turn = await asked(() => sessions.edit(here, operations, now.version, place)).catch(lookAgain);
  const work = new Work(turn.text);
  await follow(work, { turn: turn.id });
  return work.error.value === null;
}

/** A change that was made, and what came after it, as a plan again: for the state before it. */
export async function readjust(text: string, { place, operations }: Anew): Promise<void> {
  const here = session.id.value;
  if (here === null) return;
  for (const card of cards()) if (card.place !== null && card.outcome.value === "open") dismiss(card);
  const plan = await sessions.planOf(here, operations);
  if (plan.version === session.history.value?.version) add(new Card(text, plan, place));
  else await caughtUp(true); // it was changed elsewhere: what came after it is not what we thought
}

/** Something was done elsewhere, which is why this was refused: see it, then say so. */
async function lookAgain(error: unknown): Promise<never> {
  if (error instanceof Refused && error.status === 409) await caughtUp(true);
  throw error;
}

/** Another argument for one operation of a plan; undefined leaves it to its default. */
export async function adjust(card: Card, place: number, name: string, value: Json | undefined): Promise<void> {
  const operations = card.plan.operations.map(({ op, args }, at) => {
    if (at !== place) return { op, args };
    const { [name]: _, ...others } = args;
    return { op, args: value === undefined ? others : { ...others, [name]: value } };
  });
  card.change((await sessions.planOf(card.plan.session_id, operations)).operations);
  changed(card);
}

export function dismiss(card: Card): void {
  card.decide("dismissed");
}

/** The same words again, for the project as it is now. */
export async function again(card: Card): Promise<void> {
  card.decide("dismissed");
  await say(card.text);
}

export async function stop(work: Work): Promise<void> {
  if (work.turn.value !== null) await sessions.cancelTurn(work.turn.value);
}

/** What was said before, when the page is opened again, and since then in another tab; a turn that still runs
 * is listened to. */
export async function restored(): Promise<void> {
  const here = session.id.value;
  if (here === null) return;
  const turns = new Map<string, TurnEvent[]>();
  for (const event of (await sessions.conversation(here)).events) {
    turns.set(event.invocationId, [...(turns.get(event.invocationId) ?? []), event]);
  }
  if (busy.value || session.id.value !== here) {
    missed.value = true; // our own turn began meanwhile, and may be among these
    return;
  }
  const known = new Set(works().map((work) => work.turn.value));
  const open: Work[] = [];
  for (const [turn, heard] of turns) {
    if (known.has(turn)) continue;
    const text = heard.find((event) => event.author === "user")?.content?.parts[0]?.text;
    if (text !== undefined) add(new Said(text));
    const work = new Work(text ?? "");
    work.turn.value = turn;
    for (const event of heard) {
      if (event.author !== "user") work.hear(event);
    }
    work.choices.value = [];
    add(work);
    if (!work.over.value) open.push(work);
  }
  for (const work of open) listenedAgain(work).catch(tell);
}

const missed = signal(false); // something was done elsewhere while we were busy

/** Something was done elsewhere (`told`), or may have been: ask how the session stands, and take in what was
 * said there. */
export async function caughtUp(told: boolean): Promise<void> {
  const here = session.id.value;
  if (here === null) return;
  missed.value = busy.value;
  if (busy.value) return;
  const before = session.history.value;
  await session.looked();
  const now = session.history.value;
  if (told || now?.version !== before?.version || now?.open_turn !== null) await restored();
}

effect(() => {
  if (missed.value && !busy.value) caughtUp(true).catch(tell);
});

// A plan that was made for another state of the project is not agreed to any more.
effect(() => {
  const [here, now] = [session.id.value, session.history.value];
  for (const each of entries.value) {
    if (each.kind !== "card" || now === null || each.plan.session_id !== here) continue;
    if (each.outcome.value === "open" && each.plan.version < now.version) each.decide("stale");
  }
});

export function cleared(): void {
  entries.value = [];
}

async function follow(work: Work, begun: Begun): Promise<void> {
  if ("turn" in begun) work.turn.value = begun.turn;
  add(work);
  await listen(work, begun);
}

async function listen(work: Work, begun: Begun): Promise<void> {
  const here = session.id.value;
  if (here === null) return;
  const begunMs = performance.now();
  let heard = false;
  try {
    for await (const event of events(here, begun)) {
      work.hear(event);
      if (!heard) tellOthers(here);
      heard = true;
    }
  } finally {
    work.end();
    if (performance.now() - begunMs > LONG_MS) call(t("call.turn"), work.turn.value ?? work.key);
    await session.refreshed();
  }
}

const cards = (): Card[] => entries.value.filter((each): each is Card => each.kind === "card");

/** Listen to a turn that was begun before or elsewhere, from its beginning on. */
async function listenedAgain(work: Work): Promise<void> {
  const [here, turn] = [session.id.value, work.turn.value];
  if (here === null || turn === null) return;
  const begun = work.steps.value.map(({ op, args }) => ({ op, args }));
  try {
    if (begun.length > 0) work.agreed((await patiently(() => sessions.planOf(here, begun))).operations);
  } catch (error) {
    tell(error); // its steps have no words then; it is listened to all the same
  }
  work.steps.value = [];
  await listen(work, { turn });
}

async function asked<T>(begin: () => Promise<T>): Promise<T> {
  asking.value += 1;
  try {
    return await begin();
  } finally {
    asking.value -= 1;
  }
}

const works = (): Work[] => entries.value.filter((each): each is Work => each.kind === "work");

function add(entry: Entry): void {
  entries.value = [...entries.value, entry];
}
