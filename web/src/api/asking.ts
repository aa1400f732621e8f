// One request and its answer: the token, the language, and errors of both forms as one.

import * as token from "./token";
import { language } from "../words";

/** The service said no; `message` is a sentence for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly afterS: number | null = null, // when it may be asked again
  ) {
    super(message);
  }
}

const NOT_NOW = [429, 502, 503, 504]; // too much was asked for just now, or the service begins anew

/** Whether the same request may go well later. */
export const passing = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Refused && NOT_NOW.includes(error.status));

export interface Asked {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let registering: Promise<string> | null = null;

/** The token that requests go with; one is asked for when there is none, once for all who wait. */
export async function bearer(): Promise<string> {
  const known = token.known();
  if (known !== null) return known;
  registering ??= token.registered().finally(() => (registering = null));
  return registering;
}

/** The answer as it comes. Raises Refused; a token that is not good any more is replaced, once. */
export async function response(path: string, asked: Asked = {}): Promise<Response> {
  const answer = await sent(path, asked, await bearer());
  if (answer.status !== 401) return checked(answer);
  token.forget();
  return checked(await sent(path, asked, await bearer()));
}

/** The JSON of an answer. */
export async function json<T>(path: string, asked: Asked = {}): Promise<T> {
  return (await (await response(path, asked)).json()) as T;
}

/** What the envelope of a compatible route holds. */
export async function enveloped<T>(path: string, asked: Asked = {}): Promise<T> {
  return (await json<{ data: T }>(path, asked)).data;
}

function sent(path: string, asked: Asked, bearer: string): Promise<Response> {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${bearer}`,
    "Accept-Language": language.value,
    ...asked.headers,
  };
  const init: RequestInit = { method: asked.method ?? "GET", headers };
  if (asked.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(asked.body);
  }
  if (asked.signal !== undefined) init.signal = asked.signal;
  return fetch(path, init);
}

async function checked(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => ({}))) as { message?: string; detail?: string };
  const message = body.detail ?? body.message ?? `${answer.status} ${answer.statusText}`;
  throw new Refused(answer.status, message, Number(answer.headers.get("Retry-After")) || null);
}
