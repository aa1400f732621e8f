// Files and links on their way into the session.

import { signal } from "@preact/signals";
import * as sessions from "../api/sessions";
import { brought } from "../api/uploads";
import { t } from "../words";
import { opened, refreshed } from "./session";

export interface Coming {
  name: string;
  fraction: number | null; // null: nobody knows how far it is
}

export const coming = signal<Coming[]>([]);

/** One after the other: the order of the files is that of the clips. */
export async function bringFiles(files: File[]): Promise<void> {
  const first = files[0];
  if (first === undefined) return;
  const session = await opened(stem(first.name));
  coming.value = files.map((file) => ({ name: file.name, fraction: 0 }));
  try {
    for (const file of files) {
      await brought(session, file, (bytes, of) => showFirst({ name: file.name, fraction: bytes / (of || 1) }));
      coming.value = coming.value.slice(1);
      await refreshed();
    }
  } finally {
    coming.value = [];
  }
}

export async function bringLinks(urls: string[]): Promise<void> {
  const session = await opened("link");
  coming.value = [{ name: t("files.links", { count: urls.length }), fraction: null }];
  try {
    await sessions.fromLinks(session, urls);
    await refreshed();
  } finally {
    coming.value = [];
  }
}

/** The links that a text consists of; none when there are other words in it. */
export function linksOf(text: string): string[] {
  const words = text.trim().split(/\s+/);
  return words.every((word) => /^https?:\/\/\S+$/.test(word)) ? words : [];
}

function showFirst(now: Coming): void {
  coming.value = [now, ...coming.value.slice(1)];
}

/** A file's name without its suffix. */
export const stem = (name: string): string => name.replace(/\.[^.]+$/, "").slice(0, 80) || name;
