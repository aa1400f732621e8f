// The zone where things are seen and heard.

import {
  atS,
  compare,
  hasPicture,
  matched,
  play,
  playing,
  playRemoved,
  removed,
  seek,
  side,
  sides,
  stop,
  swapped,
  type Side,
  wholeS,
} from "./playback";
import type { HistoryState } from "../api/types";
import { busy } from "../chat/conversation";
import { keep, keepable } from "./keeping";
import type { Range } from "./places";
import { hasTimeline, history } from "../project/session";
import { telling } from "../shell/notices";
import { TitlesInPlace } from "../titles/overlay";
import { Titles } from "../titles/panel";
import { Lanes } from "../tracks/lanes";
import { t } from "../words";
import { clock } from "../words/numbers";
import { asked, pressed, Shortcuts } from "./keys";
import { Marked } from "./marked";
import { SafeAreaChoice, SafeAreas } from "./safe";
import { Screen, shape } from "./screen";
import { Waves } from "./waves";

export function Player() {
  if (!hasTimeline.value) return null;
  return (
    <section class="zone player" aria-labelledby="player-title" onKeyDown={pressed}>
      <h2 id="player-title">{t("player.title")}</h2>
      {hasPicture.value && (
        <div class="picture">
          <Frame />
        </div>
      )}
      <div class="controls">
        <Sides />
        <button
          class="play primary"
          aria-pressed={playing.value === "all"}
          onClick={playing.value === "all" ? stop : telling(play)}
        >
          {t(playing.value === "all" ? "player.pause" : "player.play")}
        </button>
        <span class="time">
          {clock(atS.value, true)} / {clock(wholeS.value, true)}
        </span>
        <label class="tick">
          <input
            type="checkbox"
            checked={matched.value}
            onChange={() => {
              stop();
              matched.value = !matched.value;
            }}
          />
          {t("player.matched")}
        </label>
      </div>
      <input
        class="seek"
        type="range"
        min={0}
        max={wholeS.value}
        step={0.1}
        value={atS.value}
        aria-label={t("player.seek")}
        aria-valuetext={t("player.at", { at: clock(atS.value, true), of: clock(wholeS.value, true) })}
        onInput={(event) => seek(Number(event.currentTarget.value))}
      />
      <Waves />
      <Marked />
      <Lanes />
      <Removed />
      <Titles />
      <div class="looks">
        {hasPicture.value && <SafeAreaChoice />}
        <Compare />
        <button onClick={() => (asked.value = true)}>{t("keys.title")}</button>
      </div>
      <Shortcuts />
    </section>
  );
}

/** The picture, as large as there is room for, and what lies over it. */
function Frame() {
  return (
    <div class="frame" style={{ "--shape": shape.value }}>
      <Screen />
      <SafeAreas />
      <TitlesInPlace />
    </div>
  );
}

function Sides() {
  return (
    <div class="sides" role="group" aria-label={t("player.sides")}>
      {(["before", "after"] as const).map((each) => (
        <button key={each} aria-pressed={side.value === each} onClick={() => side.value !== each && swapped()}>
          {t(each === "before" ? "player.before" : "player.after")}
        </button>
      ))}
    </div>
  );
}

/** What was taken out, as a list: not by colour alone. */
function Removed() {
  if (removed.value.length === 0) return null;
  const on = playing.value === "removed";
  const seconds = removed.value.reduce((sum, range) => sum + range.endS - range.startS, 0).toFixed(1);
  return (
    <details class="removed">
      <summary>{t("player.removed", { count: removed.value.length, seconds })}</summary>
      <button aria-pressed={on} onClick={on ? stop : telling(() => playRemoved())}>
        {t(on ? "player.pause" : "player.only")}
      </button>
      <ul>
        {removed.value.map((range) => (
          <RemovedPiece key={range.startS} range={range} />
        ))}
      </ul>
      <p class="quiet">{t(removed.value.every(keepable) ? "player.keep.how" : "player.keep.not")}</p>
    </details>
  );
}

function RemovedPiece({ range }: { range: Range }) {
  const span = `${clock(range.startS, true)} – ${clock(range.endS, true)}`;
  return (
    <li>
      <button class="piece" onClick={telling(() => playRemoved(range))}>
        {span}
      </button>
      {keepable(range) && (
        <button
          class="keep"
          disabled={busy.value}
          aria-label={t("player.keep.this", { span })}
          onClick={telling(() => keep(range))}
        >
          {t("player.keep")}
        </button>
      )}
    </li>
  );
}

/** What the sides are: the originals and the project as it is, or any two states of the history. */
function Compare() {
  const now = history.value;
  if (now === null || now.states.length < 4) return null;
  return (
    <div class="compare">
      <Compared of="before" usual={t("player.originals")} states={now.states} />
      <Compared of="after" usual={t("player.present")} states={now.states} />
    </div>
  );
}

function Compared({ of, usual, states }: { of: Side; usual: string; states: HistoryState[] }) {
  return (
    <label>
      {t(of === "before" ? "player.compare.before" : "player.compare.after")}{" "}
      <select
        name={of}
        value={sides.value[of] ?? ""}
        onChange={({ currentTarget: { value } }) => compare(of, value === "" ? null : Number(value))}
      >
        <option value="">{usual}</option>
        {states
          .filter((state) => state.duration_s > 0)
          .map((state) => (
            <option key={state.place} value={state.place}>
              {state.place}. {state.name === null ? state.said || t("past.upload") : `★ ${state.name}`}
            </option>
          ))}
      </select>
    </label>
  );
}
