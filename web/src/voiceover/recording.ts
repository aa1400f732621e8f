// A voiceover from the microphone: asked for on a click, recorded as it is, kept by nobody until it is used.

import { signal } from "@preact/signals";
import { speaker } from "../player/sound";
import { bringFiles } from "../project/bringing";
import { files } from "../project/session";
import { propose } from "../chat/typing";
import { t } from "../words";

/** What browsers record, and how such a file is called. */
const KINDS: [type: string, suffix: string][] = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];
const SILENT_DB = -60;

export type State =
  | { now: "idle" }
  | { now: "asking" }
  | { now: "recording"; seconds: number; levelDb: number }
  | { now: "recorded"; file: File; address: string };

export const recording = signal<State>({ now: "idle" });

let microphone: MediaStream | null = null;
let recorder: MediaRecorder | null = null;

/** Ask for the microphone and record; raises an error that says why that cannot be. */
export async function begin(): Promise<void> {
  if (recording.peek().now !== "idle") return;
  if (!window.isSecureContext || !("mediaDevices" in navigator)) throw new Error(t("record.insecure"));
  const kind = KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));
  if (kind === undefined) throw new Error(t("record.unable"));
  const mine: State = (recording.value = { now: "asking" });
  let opened: MediaStream;
  try {
    // Nothing that a browser does to calls: whoever wants it cleaned says so here.
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    opened = await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    if (recording.peek() !== mine) return;
    discard();
    throw new Error(reason(error));
  }
  // Whoever went elsewhere before the browser was answered is not recorded.
  if (recording.peek() !== mine) return still(opened);
  microphone = opened;
  recorded(opened, kind);
}

/** Enough: what was said can be heard, used or discarded. */
export function stop(): void {
  recorder?.stop();
}

/** Somebody goes elsewhere: nothing is recorded on, and what was is kept until it is used or discarded. */
export function leave(): void {
  const { now } = recording.peek();
  if (now === "recording") stop();
  else if (now === "asking") discard();
}

/** Forget it. */
export function discard(): void {
  const before = recording.peek();
  if (before.now === "recorded") URL.revokeObjectURL(before.address);
  if (recorder !== null) recorder.onstop = null;
  if (recorder?.state === "recording") recorder.stop();
  silence();
  recording.value = { now: "idle" };
}

/** Bring it in like any file, and propose what is usually wanted then. */
export async function use(): Promise<void> {
  const before = recording.peek();
  if (before.now !== "recorded") return;
  await bringFiles([before.file]);
  discard();
  propose(t("record.wish", { name: before.file.name }));
}

function recorded(from: MediaStream, [type, suffix]: [string, string]): void {
  const pieces: Blob[] = [];
  recorder = new MediaRecorder(from, { mimeType: type });
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => {
    silence();
    const file = new File(pieces, nextName(suffix), { type: type.split(";")[0] ?? type });
    recording.value = { now: "recorded", file, address: URL.createObjectURL(file) };
  };
  recorder.start();
  measured(from);
}

/** How loud and how long it is, as long as it goes on. */
function measured(from: MediaStream): void {
  const meter = speaker().createAnalyser();
  speaker().createMediaStreamSource(from).connect(meter);
  void speaker().resume();
  const samples = new Float32Array(meter.fftSize);
  const began = performance.now();
  const look = (): void => {
    if (microphone !== from) return meter.disconnect();
    meter.getFloatTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const levelDb = Math.max(20 * Math.log10(peak), SILENT_DB);
    recording.value = { now: "recording", seconds: (performance.now() - began) / 1000, levelDb };
    requestAnimationFrame(look);
  };
  look();
}

/** The browser shows that nobody listens any more. */
function silence(): void {
  if (microphone !== null) still(microphone);
  microphone = null;
  recorder = null;
}

function still(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function nextName(suffix: string): string {
  const numbers = files.value.map((file) => Number(/^voiceover-(\d+)\./.exec(file.name)?.[1] ?? 0));
  return `voiceover-${Math.max(0, ...numbers) + 1}.${suffix}`;
}

function reason(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return t("record.denied");
  if (name === "NotFoundError") return t("record.none");
  if (name === "NotReadableError") return t("record.taken");
  return error instanceof Error ? error.message : String(error);
}
