// Sound of two states of the session, fetched in pieces of ten seconds and joined without a gap.

import { preview } from "../api/sessions";
import { tell } from "../shell/notices";

const PIECE_S = 10;
const MOST_PIECES = 24; // four minutes of stereo, 90 MB
const AHEAD_S = 4;

/** A state of a session, and which of its tracks are heard: null for all. */
export interface Source {
  session: string;
  place: number; // what is there never changes
  lengthS: number;
  solo: string[] | null;
}

export interface Heard {
  buffer: AudioBuffer;
  lufs: number | null; // null for silence
}

const kept = new Map<string, Promise<Heard>>();
let context: AudioContext | null = null;

/** The one that everything on the page is heard from. */
export function speaker(): AudioContext {
  context ??= new AudioContext();
  return context;
}

/** The ten seconds of `source` in which `atS` lies. */
export function piece(source: Source, atS: number): Promise<Heard> {
  const number = Math.floor(atS / PIECE_S);
  const key = [source.session, source.place, number, source.solo?.join()].join("/");
  const known = kept.get(key);
  if (known !== undefined) return known;
  const coming = fetched(source, number * PIECE_S);
  kept.set(key, coming);
  coming.catch(() => kept.delete(key));
  for (const oldest of [...kept.keys()].slice(0, Math.max(kept.size - MOST_PIECES, 0))) kept.delete(oldest);
  return coming;
}

async function fetched(source: Source, at_s: number): Promise<Heard> {
  const look = { what: "sound" as const, at_s, seconds: PIECE_S, place: source.place };
  const { data, lufs } = await preview(
    source.session,
    source.solo === null ? look : { ...look, solo: source.solo },
  );
  return { buffer: await speaker().decodeAudioData(await data.arrayBuffer()), lufs };
}

/** Something that sounds, until it ends by itself or is stopped. */
export class Playing {
  private readonly nodes = new Set<AudioBufferSourceNode>();
  private readonly gain: GainNode;
  private over = false;
  private begunAt = 0; // on the speaker's clock

  /** From `fromS` to `endS` of `source`, `gainDb` louder; `ended` is called when it ran out. */
  constructor(
    private readonly source: Source,
    private readonly fromS: number,
    private readonly endS: number,
    gainDb: number,
    private readonly ended: () => void,
  ) {
    const { gain } = (this.gain = speaker().createGain());
    gain.value = 10 ** (gainDb / 20);
    this.gain.connect(speaker().destination);
  }

  async start(): Promise<void> {
    await speaker().resume();
    const first = await piece(this.source, this.fromS);
    if (this.over) return;
    this.begunAt = speaker().currentTime + 0.05;
    this.lay(first.buffer, this.fromS);
    this.follow(this.pieceEnd(this.fromS)).catch(tell);
  }

  /** Where it is, in seconds of its timeline. */
  get atS(): number {
    if (this.begunAt === 0) return this.fromS;
    return Math.min(this.fromS + Math.max(speaker().currentTime - this.begunAt, 0), this.endS);
  }

  stop(): void {
    this.over = true;
    for (const node of this.nodes) node.stop();
    this.gain.disconnect();
  }

  /** Lay the pieces that come after, shortly before each is due. */
  private async follow(nextS: number): Promise<void> {
    try {
      for (let dueS = nextS; dueS < this.endS && !this.over; dueS = this.pieceEnd(dueS)) {
        const { buffer } = await piece(this.source, dueS);
        while (!this.over && dueS - this.atS > AHEAD_S) await pause(250);
        if (!this.over) this.lay(buffer, dueS);
      }
      while (!this.over && this.atS < this.endS) await pause(60);
    } finally {
      if (!this.over) {
        this.stop();
        this.ended();
      }
    }
  }

  private lay(buffer: AudioBuffer, fromS: number): void {
    const node = speaker().createBufferSource();
    node.buffer = buffer;
    node.connect(this.gain);
    const untilS = Math.min(this.pieceEnd(fromS), this.endS);
    node.start(this.begunAt + fromS - this.fromS, fromS % PIECE_S, untilS - fromS);
    this.nodes.add(node);
    node.onended = () => this.nodes.delete(node);
  }

  private pieceEnd(atS: number): number {
    return (Math.floor(atS / PIECE_S + 1e-9) + 1) * PIECE_S;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
