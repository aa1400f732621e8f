// Many files, one request: a row each. The page only watches; what was agreed to goes on without it.

import { computed, effect, signal } from "@preact/signals";
import type { Plan } from "../api/types";
import { tell } from "../shell/notices";
import { Row, type Kept } from "./row";

const KEPT = "saycut.batch";
const EVERY_MS = 1000;

/** null when nothing is done in a batch. */
export const rows = signal<Row[] | null>(null);
export const asked = signal("");
/** Whether a project is looked at meanwhile. */
export const away = signal(false);
/** Whether the batch is what is seen: what acts on the project is not at hand then. */
export const inSight = computed(() => rows.value !== null && !away.value);

/** Rows for which the same would be done. */
export interface Group {
  plan: Plan;
  rows: Row[];
}

/** Bring these files in, each for itself. */
export async function begin(files: File[]): Promise<void> {
  const made = files.map((file) => {
    const sound = file.type.startsWith("audio/");
    return new Row({ name: file.name, sound, session: null, sent: null, turn: null, stopped: false });
  });
  rows.value = [...(rows.value ?? []), ...made];
  away.value = false;
  for (const [place, file] of files.entries()) {
    const row = made[place];
    if (row === undefined || !(rows.value ?? []).includes(row) || row.stage.value !== "coming") continue;
    await row.bring(file);
    if (asked.value !== "") await row.ask(asked.value);
  }
}

/** What these words would do to each file that waits; nothing is done. */
export async function ask(text: string): Promise<void> {
  asked.value = text;
  for (const row of rows.value ?? []) await row.ask(text);
}

/** The plans that wait for somebody to agree, the same ones together. */
export function groups(): Group[] {
  const found = new Map<string, Group>();
  for (const row of rows.value ?? []) {
    const plan = row.plan.value;
    if (plan === null || !row.waits) continue;
    const what = plan.operations.map(({ op, args }) => ({ op, args }));
    const key = JSON.stringify([what, plan.refused, plan.question]);
    const group = found.get(key);
    if (group === undefined) found.set(key, { plan, rows: [row] });
    else group.rows.push(row);
  }
  return [...found.values()];
}

/** Whether there is something in it that can be agreed to. */
export const doable = (plan: Plan): boolean =>
  plan.kind === "edit" && plan.operations.length > 0 && plan.question === null;

/** Carry out every plan that can be. */
export function agree(): void {
  for (const group of groups()) if (doable(group.plan)) for (const row of group.rows) row.agree();
  watch();
}

export async function stopAll(): Promise<void> {
  for (const row of rows.value ?? []) await row.stop();
}

/** Nothing more is watched; the sessions and their files stay with the service. */
export function close(): void {
  rows.value = null;
  away.value = false;
  asked.value = "";
  localStorage.removeItem(KEPT);
}

/** Go on with the batch that this browser had. */
export function resumed(): void {
  const kept = localStorage.getItem(KEPT);
  if (kept === null) return;
  const before = JSON.parse(kept) as { text: string; rows: Kept[] };
  rows.value = before.rows.map((each) => new Row(each));
  for (const row of rows.value) if (row.stage.value === "coming") row.lost();
  watch();
  if (before.text !== "") ask(before.text).catch(tell); // as long as the service is away
}

/** Take in what another tab did to the same rows, so that what is written here does not undo it. */
function joined(kept: string): void {
  const theirs = new Map((JSON.parse(kept) as { rows: Kept[] }).rows.map((each) => [each.session, each]));
  for (const row of rows.value ?? []) {
    const same = theirs.get(row.kept.session);
    if (same !== undefined && row.kept.session !== null) row.join(same);
  }
  watch();
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === KEPT && newValue !== null) joined(newValue);
});

let watching = false;

/** Ask how far every row is until all are over. */
function watch(): void {
  if (watching) return;
  watching = true;
  const round = async (): Promise<void> => {
    for (const row of rows.value ?? []) await row.look();
    watching = (rows.value ?? []).some((row) => row.underWay);
    if (watching) setTimeout(() => void round().catch(tell), EVERY_MS);
  };
  void round().catch(tell);
}

effect(() => {
  if (rows.value === null) return;
  const kept = { text: asked.value, rows: rows.value.map((row) => row.kept) };
  localStorage.setItem(KEPT, JSON.stringify(kept));
});
