// Files that were asked for: the newest first, followed until they are over, also after the page was closed.

import { effect, signal } from "@preact/signals";
import * as jobs from "../api/jobs";
import type { Job } from "../api/types";
import { patiently } from "../shell/away";
import { call } from "../shell/calling";
import { tell } from "../shell/notices";
import { t } from "../words";

const EVERY_MS = 700;

export const renders = signal<Job[]>([]);
// How far it is can be seen while another tab is looked at.
effect(() => {
  const underWay = renders.value.find((job) => job.status === "processing");
  document.title = underWay === undefined ? "Saycut" : `${underWay.progress} % · Saycut`;
});

const followed = new Set<string>();

export const isOpen = (job: Job): boolean => job.status === "pending" || job.status === "processing";

/** Everything that this person asked for; what is under way is followed on. */
export async function known(): Promise<void> {
  renders.value = await jobs.all();
  for (const job of renders.value) if (isOpen(job)) follow(job.id).catch(tell);
}

export async function begun(session: string, format: string, quality: string): Promise<void> {
  const id = await jobs.submitted(session, format, quality);
  await see(id);
  follow(id).catch(tell);
}

export async function stopped(job: Job): Promise<void> {
  await jobs.cancelled(job.id);
  await see(job.id);
}

async function follow(id: string): Promise<void> {
  if (followed.has(id)) return;
  followed.add(id);
  try {
    let now = await patiently(() => see(id));
    while (isOpen(now)) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      now = await patiently(() => see(id));
    }
    if (now.status === "completed") call(t("call.made", { name: now.name ?? "" }), id);
    else if (now.status === "failed") call(t("call.failed"), id);
  } finally {
    followed.delete(id);
  }
}

async function see(id: string): Promise<Job> {
  const now = await jobs.one(id);
  const others = renders.value.filter((job) => job.id !== id);
  const place = renders.value.findIndex((job) => job.id === id);
  renders.value =
    place < 0 ? [now, ...others] : [...others.slice(0, place), now, ...others.slice(place)];
  return now;
}
