// Calling somebody who looks elsewhere: a notification, a short sound, both only for who ticked them.

import { signal } from "@preact/signals";

const CALLS = "saycut.calls";
const SOUNDS = "saycut.sounds";
const TONES_HZ = [660, 880];
const TONE_S = 0.14;

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
  if (calls.value && !document.hasFocus()) new Notification("Saycut", { body: words, tag: about });
  if (sounds.value) chime();
}

/** Two short tones, made here. */
function chime(): void {
  const context = new AudioContext();
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
    if (place === TONES_HZ.length - 1) tone.onended = () => void context.close();
  });
}

function kept(key: string): boolean {
  return localStorage.getItem(key) === "yes";
}

function keep(key: string, on: boolean): void {
  if (on) localStorage.setItem(key, "yes");
  else localStorage.removeItem(key);
}
