// A stretch that is drawn over a waveform with the pointer; less than a few pixels is a click, and none of ours.

import type { Range } from "./places";

const LEAST_PX = 6;

/** `chosen` is told while the pointer is drawn over `element`, which is `lengthS` long; the end of it. */
export function dragging(element: HTMLElement, lengthS: number, chosen: (range: Range) => void): () => void {
  const heard = new AbortController();
  const { signal } = heard;
  let fromX: number | null = null;
  let drawn = false;
  const s = (x: number): number => {
    const { left, width } = element.getBoundingClientRect();
    return Math.min(Math.max((x - left) / Math.max(width, 1), 0), 1) * lengthS;
  };
  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      [fromX, drawn] = [event.clientX, false];
    },
    { signal },
  );
  addEventListener(
    "pointermove",
    (event) => {
      if (fromX === null || (!drawn && Math.abs(event.clientX - fromX) < LEAST_PX)) return;
      drawn = true;
      const [one, other] = [s(fromX), s(event.clientX)];
      chosen({ startS: Math.min(one, other), endS: Math.max(one, other) });
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel"] as const) {
    addEventListener(end, () => (fromX = null), { signal });
  }
  // What was drawn is not also a click on the moment.
  element.addEventListener("click", (event) => drawn && event.stopPropagation(), { signal, capture: true });
  return () => heard.abort();
}
