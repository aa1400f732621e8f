// What can become of the stretch that was marked.

import { become, cleared, type Fate, mark, playSelection, selection } from "./selection";
import { onResult } from "./playback";
import { busy } from "../chat/conversation";
import { telling } from "../shell/notices";
import { type Key, t } from "../words";
import { clock } from "../words/numbers";

const FATES: readonly Fate[] = ["mute", "cut", "trim"];

export function Marked() {
  const range = selection.value;
  return (
    <div class="marked" role="group" aria-label={t("marked.title")}>
      <button disabled={!onResult.value} onClick={() => mark("in")}>
        {t("marked.in")}
      </button>
      <button disabled={!onResult.value} onClick={() => mark("out")}>
        {t("marked.out")}
      </button>
      {range !== null && (
        <>
          <span class="span">
            {clock(range.startS, true)} – {clock(range.endS, true)}
          </span>
          <button onClick={telling(playSelection)}>{t("player.play")}</button>
          {FATES.map((fate) => (
            <button key={fate} disabled={busy.value} onClick={telling(() => become(fate))}>
              {t(`marked.${fate}` as Key)}
            </button>
          ))}
          <button onClick={cleared}>{t("marked.clear")}</button>
        </>
      )}
    </div>
  );
}
