// Light or dark: as the system has it until somebody says otherwise.

import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
const KEPT = "saycut.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const theme = signal<Theme>(kept() ?? system());

dark.addEventListener("change", () => {
  if (kept() === null) theme.value = system();
});
effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

export function wear(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem(KEPT, wanted);
}

function kept(): Theme | null {
  const said = localStorage.getItem(KEPT);
  return said === "light" || said === "dark" ? said : null;
}

function system(): Theme {
  return dark.matches ? "dark" : "light";
}
