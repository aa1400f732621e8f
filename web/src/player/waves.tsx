// Both waveforms, drawn from levels that the service measured: the originals with what was taken out of
// them, and the result. wavesurfer only draws and is clicked on; it never loads or decodes anything.

import { useEffect, useRef } from "preact/hooks";
import WaveSurfer from "wavesurfer.js";
import Regions from "wavesurfer.js/plugins/regions";
import { busy } from "../chat/conversation";
import { files, id, latest } from "../project/session";
import { tell } from "../shell/notices";
import { theme } from "../shell/theme";
import { language, t } from "../words";
import { keep, keepable } from "./keeping";
import { after, before, fetchLevels, loudest } from "./levels";
import { length, originals, type Range } from "./places";
import { marked, selection } from "./selection";
import { atS, beforeLengthS, removed, seek, side, sides, swapped, type Side } from "./playback";

const MARKED = "marked";

export function Waves() {
  const [session, count] = [id.value, files.value.length];
  useEffect(() => {
    fetchLevels().catch(tell);
  }, [session, count]);
  const afterS = (latest.value?.state.draft.d ?? 0) / 1000;
  return (
    <div class="waves">
      {sides.value.before === null && <Wave of="before" lengthS={beforeLengthS.value} />}
      {sides.value.after === null && <Wave of="after" lengthS={afterS || length(originals(files.value))} />}
    </div>
  );
}

function Wave({ of, lengthS }: { of: Side; lengthS: number }) {
  const place = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  const columns = (of === "before" ? before : after).value;
  const gone = of === "before" ? removed.value : [];
  const drawnFrom = JSON.stringify([
    lengthS,
    columns,
    gone,
    gone.map(keepable),
    loudest.value,
    theme.value,
    language.value,
  ]);
  useEffect(() => {
    if (place.current === null || lengthS === 0) return undefined;
    const made = draw(place.current, of, lengthS, columns, gone);
    wave.current = made;
    return () => {
      wave.current = null;
      made.destroy();
    };
  }, [drawnFrom]);
  const span = of === "after" ? selection.value : null;
  useEffect(() => {
    const regions = wave.current?.getActivePlugins().find((each) => "getRegions" in each) as Marks | undefined;
    shownIn(regions, span);
  }, [span, drawnFrom]);
  const here = side.value === of ? atS.value : null;
  useEffect(() => {
    if (here !== null && lengthS > 0) wave.current?.setTime(Math.min(here, lengthS));
  }, [here, drawnFrom]);
  return (
    <div class="wave" data-heard={side.value === of}>
      <span class="quiet">{t(of === "before" ? "player.before" : "player.after")}</span>
      {/* The slider above does the same for keys and readers. */}
      <div ref={place} aria-hidden="true" />
    </div>
  );
}

function draw(container: HTMLElement, of: Side, lengthS: number, columns: number[], gone: Range[]): WaveSurfer {
  const regions = Regions.create();
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
    plugins: [regions],
  });
  wave.on("interaction", (s) => {
    if (side.value !== of) swapped();
    seek(s);
  });
  if (of === "after") {
    regions.enableDragSelection({ color: colour("--marked"), drag: false, resize: false });
    regions.on("region-created", (region) => {
      if (region.id === MARKED) return;
      const range = { startS: region.start, endS: region.end };
      region.remove(); // drawn as what is marked, from now on
      marked(range);
    });
  }
  wave.on("ready", () => {
    const color = colour("--removed-soft");
    for (const range of gone) {
      const { startS: start, endS: end } = range;
      const region = regions.addRegion({ start, end, color, drag: false, resize: false });
      if (!keepable(range)) continue;
      region.element?.setAttribute("title", t("player.keep"));
      region.on("click", (event) => {
        if (busy.value) return;
        event.stopPropagation(); // else it would be a click on the moment
        keep(range).catch(tell);
      });
    }
  });
  return wave;
}

type Marks = ReturnType<typeof Regions.create>;

/** What is marked, where it is marked. */
function shownIn(regions: Marks | undefined, span: Range | null): void {
  for (const region of regions?.getRegions() ?? []) if (region.id === MARKED) region.remove();
  if (span === null) return;
  regions?.addRegion({ id: MARKED, start: span.startS, end: span.endS, color: colour("--marked"), drag: false, resize: false });
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
