// What lies over the waveforms: what was taken out of the originals, and what is marked of the result.

import { keep, keepable } from "./keeping";
import type { Range } from "./places";
import { removed } from "./playback";
import { selection } from "./selection";
import { busy } from "../chat/conversation";
import { tell } from "../shell/notices";
import { t } from "../words";

const WIDE = 1000;

/** One rectangle each: there may be a thousand. A click on one that can be left in leaves it in. */
export function Gone({ lengthS }: { lengthS: number }) {
  if (lengthS === 0 || removed.value.length === 0) return null;
  const clicked = (event: MouseEvent): void => {
    const number = (event.target as SVGElement).dataset["number"];
    const range = number === undefined ? undefined : removed.value[Number(number)];
    if (range !== undefined && !busy.value) keep(range).catch(tell);
  };
  return (
    <svg class="spans gone" viewBox={`0 0 ${WIDE} 1`} preserveAspectRatio="none" onClick={clicked}>
      {removed.value.map((range, number) =>
        keepable(range) ? (
          <rect key={range.startS} class="keepable" data-number={number} {...extent(range, lengthS)}>
            <title>{t("player.keep")}</title>
          </rect>
        ) : (
          <rect key={range.startS} {...extent(range, lengthS)} />
        ),
      )}
    </svg>
  );
}

export function Picked({ lengthS }: { lengthS: number }) {
  const range = selection.value;
  if (lengthS === 0 || range === null) return null;
  return (
    <svg class="spans picked" viewBox={`0 0 ${WIDE} 1`} preserveAspectRatio="none">
      <rect {...extent(range, lengthS)} />
    </svg>
  );
}

function extent({ startS, endS }: Range, lengthS: number): { x: number; y: number; width: number; height: number } {
  return { x: (startS / lengthS) * WIDE, y: 0, width: ((endS - startS) / lengthS) * WIDE, height: 1 };
}
