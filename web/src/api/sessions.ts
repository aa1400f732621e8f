// Sessions: made, looked at, edited, taken back.

import { enveloped, json, response } from "./asking";
import type {
  AgentSession,
  Argument,
  Latest,
  Listening,
  Operation,
  Peaks,
  Plan,
  SessionHistory,
  SourceFile,
  Turn,
  TurnSoFar,
} from "./types";

const APP = "nemo_agent";
const at = (session: string): string => `/api/v1/sessions/${encodeURIComponent(session)}`;

export async function made(name: string, language: string): Promise<string> {
  const body = { task_name: name, language };
  const said = await enveloped<{ session_id: string }>(`/api/tasks/me/with-session/${APP}`, {
    method: "POST",
    body,
  });
  return said.session_id;
}

export const latest = (session: string): Promise<Latest> =>
  enveloped(`/api/state/${APP}/me/${encodeURIComponent(session)}/latest`);

export const history = (session: string): Promise<SessionHistory> => json(`${at(session)}/history`);

/** Everything that was said, by both. */
export const conversation = (session: string): Promise<AgentSession> =>
  json(`/apps/${APP}/users/me/sessions/${encodeURIComponent(session)}`);

export const plan = (session: string, text: string): Promise<Plan> =>
  json(`${at(session)}/plan`, { method: "POST", body: { text } });

/** What words that are still typed would do; no language model is asked. */
export const glimpse = (session: string, text: string, signal: AbortSignal): Promise<Plan> =>
  json(`${at(session)}/plan`, { method: "POST", body: { text, by_words: true }, signal });

/** A plan of exactly these operations, in words. */
export const planOf = (session: string, operations: Operation[]): Promise<Plan> =>
  json(`${at(session)}/plan/operations`, { method: "POST", body: { operations } });

/** What each operation takes. */
export async function vocabulary(): Promise<Map<string, Argument[]>> {
  const told = await json<{ operations: { op: string; arguments: Argument[] }[] }>("/api/v1/operations");
  return new Map(told.operations.map((each) => [each.op, each.arguments]));
}

export interface Trial {
  operations: Operation[];
  version: number;
  at_s?: number;
  place?: number;
}

/** Hear what exactly these operations would do; whoever gives up stops the work. */
export const listen = (session: string, trial: Trial, signal: AbortSignal): Promise<Listening> =>
  json(`${at(session)}/preview/operations`, { method: "POST", body: trial, signal });

/** Carry out exactly these; on the state at `onPlace`, beside what came after it, or on the present one. */
export const edit = (
  session: string,
  operations: Operation[],
  version: number,
  onPlace: number | null = null,
): Promise<Turn> => json(`${at(session)}/edits`, { method: "POST", body: { operations, version, on_place: onPlace } });

export const undo = (session: string, steps = 1): Promise<SessionHistory> =>
  json(`${at(session)}/undo`, { method: "POST", body: { steps } });

export const redo = (session: string, steps = 1): Promise<SessionHistory> =>
  json(`${at(session)}/redo`, { method: "POST", body: { steps } });

export const goTo = (session: string, place: number): Promise<SessionHistory> =>
  json(`${at(session)}/history/place`, { method: "POST", body: { place } });

export const named = (session: string, name: string): Promise<SessionHistory> =>
  json(`${at(session)}/versions`, { method: "POST", body: { name } });

export const turn = (id: string): Promise<Turn> => json(`/api/v1/turns/${encodeURIComponent(id)}`);

/** How far a turn is, with everything it has said. */
export const turnSoFar = (id: string): Promise<TurnSoFar> => json(`/api/v1/turns/${encodeURIComponent(id)}/events`);

export const cancelTurn = (id: string): Promise<Turn> =>
  json(`/api/v1/turns/${encodeURIComponent(id)}/cancel`, { method: "POST" });

export async function fromLinks(session: string, urls: string[]): Promise<SourceFile[]> {
  const body = { urls, source_type: "url" };
  const path = `/api/upload-video/${APP}/me/${encodeURIComponent(session)}`;
  return (await enveloped<{ files: SourceFile[] }>(path, { method: "POST", body })).files;
}

/** `soon`: rather about right than late. */
export const peaks = (session: string, file: string, soon: boolean): Promise<Peaks> =>
  json(`${at(session)}/assets/${encodeURIComponent(file)}/peaks?count=${soon ? 512 : 1024}&soon=${soon}`);

/** Levels along the result; the whole is listened to, which takes a while. */
export const resultPeaks = async (session: string, signal: AbortSignal): Promise<number[]> =>
  (await json<{ peaks: number[] }>(`${at(session)}/peaks?count=1024`, { signal })).peaks;

export interface Look {
  what: "picture" | "film" | "sound";
  at_s: number;
  seconds?: number;
  side?: 160 | 320 | 640;
  place?: number;
  solo?: string[];
}

export interface Seen {
  data: Blob;
  lufs: number | null; // of sound that is not silent
}

/** A JPEG, or up to ten seconds of film without sound (MP4) or of sound (MP3), of a state of the session. */
export async function preview(session: string, look: Look, signal?: AbortSignal): Promise<Seen> {
  const asked = { method: "POST" as const, body: look, ...(signal ? { signal } : {}) };
  const answer = await response(`${at(session)}/preview`, asked);
  const said = answer.headers.get("X-Loudness-LUFS");
  return { data: await answer.blob(), lufs: said === null ? null : Number(said) };
}
