// Hearing a plan before it is agreed to: ten seconds before, after, and what is taken out, at one loudness.

import { effect, signal, type Signal } from "@preact/signals";
import { Refused } from "../api/asking";
import { listen } from "../api/sessions";
import type { Listening, Operation } from "../api/types";
import * as playback from "../player/playback";
import { speaker } from "../player/sound";

export type Heard = "before" | "after" | "removed";
const SIDES: Heard[] = ["before", "after", "removed"];
const SETTLED_MS = 500; // settings are often changed by several steps

/** What is tried on which state, and from which second on; null leaves the moment to the service. */
export interface Wish {
  session: string;
  operations: Operation[];
  version: number;
  place: number | null;
  atS: number | null;
}

/** One at a time sounds on the page. */
const sounding = signal<{ trial: Trial; side: Heard; stop: () => void } | null>(null);

export function hush(): void {
  sounding.peek()?.stop();
  sounding.value = null;
}

effect(() => {
  if (playback.playing.value !== null) hush();
});

/** The ten seconds of one card. */
export class Trial {
  readonly making = signal(false);
  readonly told: Signal<Listening | null> = signal(null);
  private sounds = new Map<Heard, AudioBuffer>();
  private asking: AbortController | null = null;
  private waiting = 0;

  /** Make them, and play what it would be; raises Refused. A newer wish takes the place of an older one. */
  async listen(wish: Wish): Promise<void> {
    await this.make(wish);
    if (this.told.value !== null) await this.play(this.told.value.after === null ? "before" : "after");
  }

  /** Make them anew, shortly after the last change, for whoever listened before. */
  changed(wish: () => Wish, failed: (error: unknown) => void): void {
    if (this.told.value === null && !this.making.value) return;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.make(wish()).catch(failed), SETTLED_MS);
  }

  /** Give up what is being made, and be still. */
  stop(): void {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.asking = null;
    this.making.value = false;
    if (sounding.peek()?.trial === this) hush();
  }

  /** Nobody asks for them any more. */
  forget(): void {
    this.stop();
    this.sounds.clear();
  }

  get playing(): Heard | null {
    return sounding.value?.trial === this ? sounding.value.side : null;
  }

  /** Play one of them; where both last equally long, from where the other one was. */
  async play(side: Heard): Promise<void> {
    const sound = this.sounds.get(side);
    if (sound === undefined) return;
    const fromS = this.told.value?.removed_is === "cut" ? 0 : this.atS;
    playback.stop();
    hush();
    await speaker().resume();
    const node = speaker().createBufferSource();
    node.buffer = sound;
    node.connect(speaker().destination);
    const mine = { trial: this, side, stop: () => node.stop() };
    node.onended = () => {
      if (sounding.peek() === mine) sounding.value = null;
    };
    sounding.value = mine;
    this.begunAt = speaker().currentTime - fromS;
    node.start(0, fromS);
  }

  private begunAt = 0; // on the speaker's clock

  private get atS(): number {
    return sounding.peek()?.trial === this ? speaker().currentTime - this.begunAt : 0;
  }

  private async make(wish: Wish): Promise<void> {
    this.stop();
    const asking = (this.asking = new AbortController());
    this.making.value = true;
    try {
      const { session, operations, version, place, atS } = wish;
      const trial = {
        operations,
        version,
        ...(place === null ? {} : { place }),
        ...(atS === null ? {} : { at_s: atS }),
      };
      const told = await listen(session, trial, asking.signal);
      const sounds = await decoded(told);
      if (this.asking !== asking) return;
      this.sounds = sounds;
      this.told.value = told;
    } catch (error) {
      if (error instanceof Refused) this.told.value = null;
      throw error;
    } finally {
      if (this.asking === asking) this.making.value = false;
    }
  }
}

async function decoded(told: Listening): Promise<Map<Heard, AudioBuffer>> {
  const sounds = new Map<Heard, AudioBuffer>();
  for (const side of SIDES) {
    const data = told[side];
    if (data !== null) sounds.set(side, await speaker().decodeAudioData(bytes(data)));
  }
  return sounds;
}

function bytes(base64: string): ArrayBuffer {
  const text = atob(base64);
  const data = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) data[at] = text.charCodeAt(at);
  return data.buffer;
}
