// The tracks under the waveforms: what lies where, and mute, solo and gain of each.

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Lane, lanes, levelled, toggled } from "./tracks";
import { busy } from "../chat/conversation";
import { atS, onResult, solo, soloed, wholeS } from "../player/playback";
import { id, lengthS } from "../project/session";
import { tell, telling } from "../shell/notices";
import { isKey, t } from "../words";
import { plain, signed } from "../words/numbers";

const [LEAST_DB, MOST_DB] = [-30, 12];
const WIDE = 1000;
const SETTLED_MS = 700;

export function Lanes() {
  if (lanes.value.length === 0) return null;
  return (
    <section class="tracks" aria-label={t("tracks.title")}>
      <ul>
        {lanes.value.map((lane) => (
          <Row key={lane.id} lane={lane} />
        ))}
      </ul>
    </section>
  );
}

function Row({ lane }: { lane: Lane }) {
  const key = `tracks.role.${lane.role}`;
  const name = isKey(key) ? t(key) : lane.role;
  const alone = solo.value.has(lane.id);
  return (
    <li>
      <span class="role" title={[...new Set(lane.laid.map((each) => each.name))].join(", ")}>
        {name}
      </span>
      <Strip lane={lane} />
      {lane.target !== null && (
        <span class="mix">
          <button
            aria-pressed={lane.muted}
            disabled={busy.value}
            aria-label={t("tracks.mute.this", { name })}
            onClick={telling(() => toggled(lane))}
          >
            {t("tracks.mute")}
          </button>
          <button
            aria-pressed={alone}
            aria-label={t("tracks.solo.this", { name })}
            onClick={() => soloed(lane.id)}
          >
            {t("tracks.solo")}
          </button>
          <Gain lane={lane} name={name} />
        </span>
      )}
    </li>
  );
}

/** Where its pieces lie, and where the player is. */
function Strip({ lane }: { lane: Lane }) {
  const whole = Math.max(lengthS.value, 0.001);
  const x = (s: number): number => (s / whole) * WIDE;
  return (
    <svg class={lane.seen ? "strip seen" : "strip"} viewBox={`0 0 ${WIDE} 20`} preserveAspectRatio="none" aria-hidden="true">
      {lane.laid.map((each) => (
        <rect
          key={`${each.startS}-${each.lengthS}`}
          class={each.audible || lane.target === null ? "" : "silent"}
          x={x(each.startS)}
          y={2}
          width={Math.max(x(each.lengthS) - 1, 1)}
          height={16}
        />
      ))}
      <Here />
    </svg>
  );
}

/** Drawn anew for every frame; the pieces are not. */
function Here() {
  if (!onResult.value || wholeS.value === 0) return null;
  const x = (atS.value / wholeS.value) * WIDE;
  return <line x1={x} x2={x} y1={0} y2={20} vector-effect="non-scaling-stroke" />;
}

function Gain({ lane, name }: { lane: Lane; name: string }) {
  const wanted = useSignal(lane.gainDb);
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const now = (): Lane | undefined => lanes.value.find((each) => each.id === lane.id);
  useSignalEffect(() => {
    const gainDb = now()?.gainDb ?? 0;
    if (due.current === undefined) wanted.value = gainDb; // else the slider was moved since
  });
  useEffect(() => () => clearTimeout(due.current), [id.value]);
  const soon = (): void => {
    clearTimeout(due.current);
    due.current = setTimeout(() => {
      if (busy.value) return soon();
      due.current = undefined;
      const there = now();
      if (there !== undefined) levelled(there, wanted.value).catch(tell);
    }, SETTLED_MS);
  };
  const said = lane.even || wanted.value !== lane.gainDb ? signed(wanted.value, 1) : plain(lane.gainDb, 1) + "…";
  return (
    <label class="gain">
      <input
        type="range"
        min={Math.min(LEAST_DB, Math.floor(lane.gainDb))}
        max={Math.max(MOST_DB, Math.ceil(lane.gainDb))}
        step={0.5}
        value={wanted.value}
        aria-label={t("tracks.gain.this", { name })}
        aria-valuetext={`${signed(wanted.value, 1)} dB`}
        onInput={(event) => {
          wanted.value = event.currentTarget.valueAsNumber;
          soon(); // one change for a whole move of the slider
        }}
      />
      <span>{said} dB</span>
    </label>
  );
}
