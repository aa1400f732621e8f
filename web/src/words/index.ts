// Which language the page speaks, and its words in it. Both catalogues have the same keys: the compiler sees to it.

import { effect, signal } from "@preact/signals";
import type { InWords } from "../api/types";
import { en } from "./en";
import { zh } from "./zh";

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
export type Language = "en" | "zh";

const KEPT = "saycut.language";
const CATALOGUES: Record<Language, Catalogue> = { en, zh };

export const language = signal<Language>(preferred());

effect(() => {
  document.documentElement.lang = language.value;
});

export function speak(wanted: Language): void {
  language.value = wanted;
  localStorage.setItem(KEPT, wanted);
}

/** The words of `key`, with what stands in braces filled in. */
export function t(key: Key, filled: Record<string, string | number> = {}): string {
  return CATALOGUES[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in filled ? String(filled[name]) : whole,
  );
}

/** Whether there are words of that key. */
export const isKey = (key: string): key is Key => key in en;

/** What the service says in both languages. */
export const said = (words: InWords): string => words[language.value];

function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
