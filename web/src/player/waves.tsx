// Both waveforms, drawn from levels that the service measured: the originals with what was taken out of
// them, and the result. wavesurfer only draws and is clicked on; it never loads or decodes anything.

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import WaveSurfer from "wavesurfer.js";
import { dragging } from "./dragging";
import { after, before, fetchLevels, loudest } from "./levels";
import { atS, beforeLengthS, seek, side, sides, swapped, type Side } from "./playback";
import { marked } from "./selection";
import { Gone, Picked } from "./spans";
import { files, history, id, lengthS as resultS } from "../project/session";
import { tell } from "../shell/notices";
import { theme } from "../shell/theme";
import { t } from "../words";

export function Waves() {
  const [session, count] = [id.value, files.value.length];
  useEffect(() => {
    fetchLevels().catch(tell);
  }, [session, count, history.value?.version]);
  return (
    <div class="waves">
      {sides.value.before === null && <Wave of="before" lengthS={beforeLengthS.value} />}
      {sides.value.after === null && (
        <Wave of="after" lengthS={resultS.value || beforeLengthS.value} />
      )}
    </div>
  );
}

function Wave({ of, lengthS }: { of: Side; lengthS: number }) {
  const place = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  const columns = (of === "before" ? before : after).value;
  useEffect(() => {
    if (place.current === null || lengthS === 0) return undefined;
    const made = drawn(place.current, of, lengthS, columns);
    made.setTime(side.peek() === of ? Math.min(atS.peek(), lengthS) : 0);
    wave.current = made;
    return () => {
      wave.current = null;
      made.destroy();
    };
  }, [of, lengthS, columns, loudest.value, theme.value]);
  useEffect(() => {
    const [element, chosen] = [place.current, of === "after" ? marked : null];
    return element === null || chosen === null ? undefined : dragging(element, lengthS, chosen);
  }, [of, lengthS]);
  useSignalEffect(() => {
    if (side.value === of) wave.current?.setTime(Math.min(atS.value, lengthS));
  });
  return (
    <div class="wave" data-heard={side.value === of}>
      <span class="quiet">{t(of === "before" ? "player.before" : "player.after")}</span>
      {/* The slider above does the same for keys and readers, the lists below for what is marked. */}
      <div class="drawn" aria-hidden="true">
        <div ref={place} />
        {of === "before" ? <Gone lengthS={lengthS} /> : <Picked lengthS={lengthS} />}
      </div>
    </div>
  );
}

function drawn(container: HTMLElement, of: Side, lengthS: number, columns: number[]): WaveSurfer {
  const wave = WaveSurfer.create({
    container,
    height: 56,
    peaks: [columns.map((value) => value / loudest.value)],
    duration: lengthS,
    waveColor: colour(of === "before" ? "--before" : "--after"),
    progressColor: colour(of === "before" ? "--before" : "--after"),
    cursorColor: colour("--ink"),
    cursorWidth: 2,
    cspNonce: document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "",
  });
  wave.on("interaction", (s) => {
    if (side.value !== of) swapped();
    seek(s);
  });
  return wave;
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
