// The ten seconds of a plan, under its card: made, then heard on either side.

import { hear } from "./hearing";
import type { Card } from "./entries";
import { type Heard, hush } from "./trial";
import { useFocusKept } from "../shell/focus";
import { telling } from "../shell/notices";
import { said, t } from "../words";
import { clock, plain } from "../words/numbers";

export function Listen({ card }: { card: Card }) {
  const none = card.operations.length === 0;
  return (
    <button class="listen" disabled={none || card.trial.making.value} onClick={telling(() => hear(card))}>
      {t("listen.begin")}
    </button>
  );
}

export function Listening({ card }: { card: Card }) {
  const { trial } = card;
  const place = useFocusKept<HTMLDivElement>(".heard button, button.listen:enabled");
  const told = trial.told.value;
  return (
    <div ref={place} class="trial" tabIndex={-1}>
      {trial.making.value && (
        <div class="far">
          <span>{t("listen.making")}</span>
          <progress aria-label={t("listen.making")} />
          <button onClick={() => trial.stop()}>{t("turn.stop")}</button>
        </div>
      )}
      {told !== null && !trial.making.value && (
        <>
          <div class="heard" role="group" aria-label={t("listen.sides")}>
            <Side card={card} side="before" />
            {told.after !== null && <Side card={card} side="after" />}
            {told.removed !== null && <Side card={card} side="removed" />}
          </div>
          <p class="quiet">
            {t("listen.from", { at: clock(told.at_s, true), seconds: told.seconds.toFixed(0) })}
            {told.lufs !== null && ` · ${t("listen.level", { lufs: plain(told.lufs, 0) })}`}
          </p>
          {told.after === null && <p>{t("listen.allcut")}</p>}
          {told.after !== null && told.removed === null && <p class="quiet">{t("listen.nothing")}</p>}
          {told.warnings.map((words) => (
            <p key={words.en}>{said(words)}</p>
          ))}
        </>
      )}
    </div>
  );
}

function Side({ card, side }: { card: Card; side: Heard }) {
  const on = card.trial.playing === side;
  const told = card.trial.told.value;
  const seconds = side === "removed" && told?.removed_is === "cut" ? ` ${told.removed_s.toFixed(1)} s` : "";
  return (
    <button aria-pressed={on} onClick={on ? hush : telling(() => card.trial.play(side))}>
      {t(`listen.${side}`)}
      {seconds}
    </button>
  );
}
