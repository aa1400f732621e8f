// Keys of the player: they act while the focus is in it, and on nothing that takes them itself.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { atS, play, playing, playRemoved, seek, stepped, stop, swapped, wholeS } from "./playback";
import { become, cleared, mark, selection } from "./selection";
import { busy } from "../chat/conversation";
import { tell } from "../shell/notices";
import { type Key, t } from "../words";

const FAR_S = 10;

export const asked = signal(false);

const toggled = (): void => (playing.value === null ? void play().catch(tell) : stop());
const changed = (op: "mute" | "cut") => (): void => {
  if (!busy.value && selection.value !== null) become(op).catch(tell);
};

const KEYS: Record<string, () => void> = {
  " ": toggled,
  k: toggled,
  j: () => seek(atS.value - FAR_S),
  l: () => seek(atS.value + FAR_S),
  arrowleft: () => stepped(-1),
  arrowright: () => stepped(1),
  "shift+arrowleft": () => seek(atS.value - 1),
  "shift+arrowright": () => seek(atS.value + 1),
  home: () => seek(0),
  end: () => seek(wholeS.value),
  i: () => mark("in"),
  o: () => mark("out"),
  m: changed("mute"),
  x: changed("cut"),
  b: swapped,
  r: () => void playRemoved().catch(tell),
  escape: () => (playing.value === null ? cleared() : stop()),
  "/": () => document.getElementById("sentence")?.focus(),
  "?": () => (asked.value = true),
};
const OWN = "select, textarea, input:not([type=range], [type=checkbox]), dialog *";
const PRESSED = "button, summary, input[type=checkbox]";

export function pressed(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches(OWN)) return;
  const name = event.key.toLowerCase();
  const does = KEYS[event.shiftKey && name.startsWith("arrow") ? `shift+${name}` : name];
  if (does === undefined || (event.key === " " && target.matches(PRESSED))) return;
  if (name.startsWith("arrow") && target.matches(".gain input")) return;
  event.preventDefault();
  does();
}

const TOLD = ["play", "far", "frame", "second", "ends", "marks", "mute", "cut", "sides", "removed", "stop", "chat"] as const;

/** What there is, for whoever asks. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (asked.value && dialog.current?.open === false) dialog.current.showModal();
  }, [asked.value]);
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={() => (asked.value = false)}>
      <form method="dialog">
        <h2 id="keys-title">{t("keys.title")}</h2>
        <p class="quiet">{t("keys.where")}</p>
        <dl class="shortcuts">
          {TOLD.map((name) => (
            <div key={name}>
              <dt>{t(`keys.${name}.key` as Key)}</dt>
              <dd>{t(`keys.${name}` as Key)}</dd>
            </div>
          ))}
          <div>
            <dt>Ctrl+Z · Ctrl+Shift+Z · Ctrl+Enter</dt>
            <dd>{t("keys.anywhere")}</dd>
          </div>
        </dl>
        <button class="primary">{t("export.close")}</button>
      </form>
    </dialog>
  );
}
