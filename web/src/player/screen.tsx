// What is seen: the film of the moment, kept in step with the sound; until it is there, a picture a second.

import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { failed, type Film, fetchFilm, film, FILM_S, unplayable } from "./film";
import { atS, playing, running, side, source, stepping } from "./playback";
import { still } from "./still";
import { tell } from "../shell/notices";
import { t } from "../words";
import { clock } from "../words/numbers";

const FAR_S = 0.4; // further off than this is jumped, nearer is caught up with
const NEAR_S = 0.04;
const WITHIN_S = 0.002; // into a frame: on its edge the one before may be shown
const LATE = 1.06;

/** Width over height of what is seen. */
export const shape = signal(16 / 9);
/** Which of the two elements is shown; null while the picture is. */
const front = signal<0 | 1 | null>(null);

export function Screen() {
  const elements = [useRef<HTMLVideoElement>(null), useRef<HTMLVideoElement>(null)] as const;
  useEffect(() => {
    const [one, other] = [elements[0].current, elements[1].current];
    return one === null || other === null ? undefined : effect(() => follow([one, other]));
  }, []);
  const seen = t("player.picture", { at: clock(atS.value) });
  return (
    <>
      {elements.map((element, place) => (
        <video
          key={place}
          ref={element}
          muted
          playsInline
          preload="auto"
          class={front.value === place ? "" : "behind"}
          aria-label={seen}
          aria-hidden={front.value !== place}
          onError={({ currentTarget }) => failed(currentTarget.src)}
          onLoadedData={({ currentTarget }) => {
            shaped(currentTarget.videoWidth, currentTarget.videoHeight);
            follow([elements[0].current, elements[1].current]);
          }}
        />
      ))}
      {still.value !== null && (
        <img
          class={front.value === null ? "" : "behind"}
          src={still.value}
          alt={seen}
          onLoad={({ currentTarget }) => shaped(currentTarget.naturalWidth, currentTarget.naturalHeight)}
        />
      )}
    </>
  );
}

function shaped(wide: number, high: number): void {
  if (wide > 0 && high > 0) shape.value = wide / high;
}

/** Show the film of this moment where it is there, and see to it that it and the next one come. */
function follow(elements: readonly (HTMLVideoElement | null)[]): void {
  const of = source(side.value);
  const [s, on] = [atS.value, running.value];
  const now = of === null ? null : film(of, s);
  if (of !== null && (playing.value !== null || stepping.value)) {
    fetchFilm(of, now === null ? s : s + FILM_S).catch(tell);
  }
  const place = now === null || unplayable.value ? null : placed(elements, now);
  const element = place === null ? null : elements[place];
  const ready = element !== null && element !== undefined && element.readyState >= 2;
  front.value = ready ? place : null;
  elements.forEach((each) => each !== element && each?.pause());
  if (now === null || element === null || element === undefined || !ready) return;
  keepInStep(element, s - now.startS, on);
  const next = of === null || !on ? null : film(of, s + FILM_S);
  if (next !== null) placed(elements, next, place);
}

/** The element that has that film; where none has, one that is not shown is given it. */
function placed(
  elements: readonly (HTMLVideoElement | null)[],
  film: Film,
  taken: 0 | 1 | null = front.peek(),
): 0 | 1 | null {
  const has = elements.findIndex((each) => each?.src === film.address);
  if (has >= 0) return has === 0 ? 0 : 1;
  const free = taken === 0 ? 1 : 0;
  const element = elements[free];
  if (element === null || element === undefined) return null;
  element.src = film.address;
  return free;
}

/** Where the sound is, the film is: it runs by itself, and is nudged where it strays. */
function keepInStep(element: HTMLVideoElement, atS: number, on: boolean): void {
  const behindS = atS - element.currentTime;
  if (!on) {
    element.pause();
    if (Math.abs(behindS - WITHIN_S) > WITHIN_S) element.currentTime = atS + WITHIN_S;
    return;
  }
  if (Math.abs(behindS) > FAR_S) element.currentTime = atS;
  element.playbackRate = behindS > NEAR_S ? LATE : behindS < -NEAR_S ? 1 / LATE : 1;
  if (element.paused && !element.ended) element.play().catch(() => undefined); // it was stopped meanwhile
}
