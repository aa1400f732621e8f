// Files asked for: renders as jobs.

import { json, response } from "./asking";
import { randomId } from "./token";
import type { Check, Choice, Job, Receipt, Rendered } from "./types";

const ATTRIBUTION = {
  "X-Skill-Source": "saycut-page",
  "X-Skill-Version": "1",
  "X-Skill-Platform": "browser",
};
const at = (id: string): string => `/api/v1/jobs/${encodeURIComponent(id)}`;

/** A render of the session as it stands; its id. The same id again is the same render. */
export async function submitted(
  session: string,
  format: string,
  quality: string,
  id = `render_${randomId()}`,
): Promise<string> {
  await json("/api/render/proxy/lambda", {
    method: "POST",
    body: { id, sessionId: session, draft: {}, output: { format, quality } },
    headers: ATTRIBUTION,
  });
  return id;
}

/** What a file of that choice would be; nothing is made. */
export async function preflight(session: string, choice: Choice, signal: AbortSignal): Promise<Check[]> {
  const body = { ...choice, platform: choice.platform === "" ? null : choice.platform };
  const path = `/api/v1/sessions/${encodeURIComponent(session)}/preflight`;
  return (await json<{ checks: Check[] }>(path, { method: "POST", body, signal })).checks;
}

export const one = (id: string): Promise<Job> => json(at(id));

export const all = async (): Promise<Job[]> => (await json<{ jobs: Job[] }>("/api/v1/jobs?limit=30")).jobs;

export const cancelled = (id: string): Promise<Job> => json(`${at(id)}/cancel`, { method: "POST" });

export const receipt = (id: string): Promise<Receipt> => json(`${at(id)}/receipt`);

export type Beside = "credits" | "credits?form=text" | "project";

/** A file beside the result, and the name that it comes with. */
export async function beside(id: string, which: Beside): Promise<{ name: string; data: Blob }> {
  const answer = await response(`${at(id)}/${which}`);
  const said = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? which;
  return { name: decodeURIComponent(said), data: await answer.blob() };
}

/** Where the file is, for an hour, for whoever has the address. */
export async function address(id: string): Promise<string | null> {
  const said = await json<Rendered>(`/api/render/proxy/lambda/${encodeURIComponent(id)}`);
  if (said.output === undefined) return null;
  const { pathname, search } = new URL(said.output.url); // from here, whatever name the service knows itself by
  return pathname + search;
}
