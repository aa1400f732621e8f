// Calling somebody who looks elsewhere: a notification, a short sound, both only for who ticked them.

import { signal } from "@preact/signals";
import { speaker } from "../player/sound";

const CALLS = "saycut.calls";
const SOUNDS = "saycut.sounds";
const TONES_HZ = [660, 880];
const TONE_S = 0.14;
const LATE_MS = 1000;

export const canCall = "Notification" in window;
export const calls = signal(canCall && kept(CALLS) && Notification.permission === "granted");
export const sounds = signal(kept(SOUNDS));
/** The browser was asked and said no. */
export const refused = signal(false);

/** Tick or untick notifications; the browser asks on the first tick, and never else. */
export async function wish(on: boolean): Promise<void> {
  const allowed = on && (await Notification.requestPermission()) === "granted";
  refused.value = on && !allowed;
  calls.value = on; // so that a tick that was refused is seen to go
  calls.value = allowed;
  keep(CALLS, allowed);
}

/** Tick or untick the sound; a tick is heard. */
export function ring(on: boolean): void {
  sounds.value = on;
  keep(SOUNDS, on);
  if (on) chime();
}

/** Say that something is done: a notification where nobody looks at the page, and the sound. */
export function call(words: string, about: string): void {
  if (calls.value && !document.hasFocus()) notified(words, about);
  if (sounds.value) chime();
}

/** Chrome on Android has notifications and lets no page make one. */
function notified(words: string, about: string): void {
  try {
    new Notification("Saycut", { body: words, tag: about });
  } catch {
    calls.value = false;
  }
}

/** Two short tones; none where the browser lets the page sound only after a click, later than now. */
function chime(): void {
  const asked = performance.now();
  void speaker()
    .resume()
    .then(() => {
      if (performance.now() - asked < LATE_MS) ringOut(speaker());
    });
}

function ringOut(context: AudioContext): void {
  TONES_HZ.forEach((hz, place) => {
    const at = context.currentTime + place * TONE_S;
    const tone = new OscillatorNode(context, { frequency: hz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.15, at + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
  });
}

function kept(key: string): boolean {
  return localStorage.getItem(key) === "yes";
}

function keep(key: string, on: boolean): void {
  if (on) localStorage.setItem(key, "yes");
  else localStorage.removeItem(key);
}
