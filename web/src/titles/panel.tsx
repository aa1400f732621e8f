// The words on the picture as a list, and everything that can be set of the one that is worked on.

import { begin, edited, POSITIONS, removed, shown, type Title, titles } from "./titles";
import { busy } from "../chat/conversation";
import { atS, hasPicture, seek, wholeS } from "../player/playback";
import { telling } from "../shell/notices";
import { type Key, t } from "../words";
import { clock } from "../words/numbers";

const STYLES = ["title", "lower_third"] as const;
const COLOURS = ["white", "black", "yellow", "red", "orange", "green", "blue", "pink"] as const;

export function Titles() {
  if (!hasPicture.value) return null;
  return (
    <details class="titles">
      <summary>{t("titles.title", { count: titles.value.length })}</summary>
      <ul>
        {titles.value.map((title) => (
          <li key={title.number}>
            <button class="piece" aria-pressed={edited.value?.number === title.number} onClick={() => opened(title)}>
              {clock(title.startS, true)} – {clock(title.endS, true)} “{title.text}”
            </button>
          </li>
        ))}
      </ul>
      <button disabled={busy.value} onClick={() => begin(atS.value, wholeS.value, "center")}>
        {t("titles.add")}
      </button>
      {edited.value !== null && <Settings title={edited.value} />}
      <p class="quiet">{t("titles.how")}</p>
    </details>
  );
}

function opened(title: Title): void {
  seek((title.startS + Math.min(title.endS, title.startS + 1)) / 2);
  edited.value = title;
}

function Settings({ title }: { title: Title }) {
  const change = (what: Partial<Title>): void => void (edited.value = { ...title, ...what });
  const end = Math.max(wholeS.value, title.endS);
  return (
    <form
      class="settings"
      onSubmit={(event) => {
        event.preventDefault();
        telling(() => shown(title))();
      }}
    >
      <label>
        <span>{t("titles.text")}</span>
        <input
          type="text"
          maxLength={500}
          value={title.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>{t("argument.position")}</span>
        <select
          value={title.position}
          onChange={(event) => {
            const said = event.currentTarget.value;
            change({ position: POSITIONS.find((each) => each === said) ?? "center" });
          }}
        >
          {POSITIONS.map((each) => (
            <option key={each} value={each}>
              {t(`titles.position.${each}` as Key)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t("argument.style")}</span>
        <select value={title.style} onChange={(event) => change({ style: event.currentTarget.value })}>
          {STYLES.map((each) => (
            <option key={each} value={each}>
              {t(`titles.style.${each}` as Key)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t("argument.color")}</span>
        <select value={title.color} onChange={(event) => change({ color: event.currentTarget.value })}>
          {[...new Set([title.color, ...COLOURS])].map((each) => (
            <option key={each} value={each}>
              {COLOURS.some((known) => known === each) ? t(`titles.color.${each}` as Key) : each}
            </option>
          ))}
        </select>
      </label>
      <Moment name={t("argument.start")} value={title.startS} most={end} change={(startS) => change({ startS })} />
      <Moment name={t("argument.end")} value={title.endS} most={end} change={(endS) => change({ endS })} />
      <div class="decision">
        <button class="primary" disabled={busy.value || title.text.trim() === "" || title.endS <= title.startS}>
          {t("plan.apply")}
        </button>
        {title.number > 0 && (
          <button type="button" disabled={busy.value} onClick={telling(() => removed(title))}>
            {t("titles.remove")}
          </button>
        )}
        <button type="button" onClick={() => (edited.value = null)}>
          {t("plan.cancel")}
        </button>
      </div>
    </form>
  );
}

interface Timed {
  name: string;
  value: number;
  most: number;
  change: (seconds: number) => void;
}

function Moment({ name, value, most, change }: Timed) {
  return (
    <label>
      <span>{name} (s)</span>
      <input
        type="number"
        min={0}
        max={most}
        step="any"
        value={value}
        onChange={(event) => {
          const said = event.currentTarget.valueAsNumber;
          if (Number.isFinite(said)) change(said);
        }}
      />
    </label>
  );
}
