// Files and links on their way into the session.

import { type Signal, signal } from "@preact/signals";
import * as sessions from "../api/sessions";
import { brought } from "../api/uploads";
import { t } from "../words";
import { opened, refreshed } from "./session";

export interface Coming {
  name: string;
  fraction: Signal<number | null>; // null: nobody knows how far it is
  stop: (() => void) | null; // where it can be
}

export const coming = signal<Coming[]>([]);

/** One after the other: the order of the files is that of the clips. Each can be stopped, and the others come. */
export async function bringFiles(files: File[]): Promise<void> {
  const first = files[0];
  if (first === undefined) return;
  const session = await opened(stem(first.name));
  const wanted = files.map((file) => new Given(file));
  coming.value = wanted;
  try {
    for (const each of wanted) {
      await each.brought(session);
      coming.value = coming.value.filter((other) => other !== each);
      await refreshed();
    }
  } finally {
    coming.value = [];
  }
}

export async function bringLinks(urls: string[]): Promise<void> {
  const session = await opened("link");
  coming.value = [{ name: t("files.links", { count: urls.length }), fraction: signal(null), stop: null }];
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

/** A file of this browser. */
class Given implements Coming {
  readonly name: string;
  readonly fraction = signal<number | null>(0);
  private readonly giving = new AbortController();

  constructor(private readonly file: File) {
    this.name = file.name;
  }

  readonly stop = (): void => {
    this.giving.abort();
    coming.value = coming.value.filter((each) => each !== this);
  };

  /** Brought in, or stopped. */
  async brought(session: string): Promise<void> {
    const { signal: given } = this.giving;
    if (given.aborted) return;
    const told = (bytes: number, of: number): number => (this.fraction.value = bytes / (of || 1));
    await brought(session, this.file, told, given).catch((error: unknown) => {
      if (!given.aborted) throw error;
    });
  }
}

/** A file's name without its suffix. */
export const stem = (name: string): string => name.replace(/\.[^.]+$/, "").slice(0, 80) || name;
