// Sentences that fit what is there, and that were not done already.

import type { SourceFile } from "../api/types";
import type { Key } from "../words";

const MOST = 5;
const ALL_SOUND = ["mute", "replace_audio"]; // what was recorded is not heard any more

interface Wish {
  key: Key;
  done: string[]; // by any of these it is fulfilled, or makes no sense any more
  fits: (files: SourceFile[]) => boolean;
}

const always = (): boolean => true;
const seen = (files: SourceFile[]): boolean => files.some((file) => file.kind !== "audio");
const beside = (files: SourceFile[]): boolean => seen(files) && files.some((file) => file.kind === "audio");
const upright = (files: SourceFile[]): boolean =>
  files.some((file) => file.kind === "video" && (file.height ?? 0) > (file.width ?? 0));

/** The first is what most people want first. */
const WISHES: Wish[] = [
  { key: "suggest.voiceover", done: ["replace_audio", "sync_audio", "add_audio"], fits: beside },
  { key: "suggest.sync", done: ["replace_audio", "sync_audio", "add_audio"], fits: beside },
  { key: "suggest.noise", done: ["denoise", "enhance_audio", "isolate_voice", ...ALL_SOUND], fits: always },
  { key: "suggest.silence", done: ["trim_silence", "mute"], fits: always },
  { key: "suggest.music", done: ["remove_music", "add_music", "isolate_voice", ...ALL_SOUND], fits: always },
  { key: "suggest.tiktok", done: ["normalize", "export", "mute"], fits: upright },
  { key: "suggest.level", done: ["normalize", "export", "mute"], fits: (files) => !upright(files) },
  { key: "suggest.bed", done: ["add_music", "remove_music"], fits: seen },
  { key: "suggest.mute", done: [...ALL_SOUND, "add_music"], fits: seen },
];

export function suggestions(files: SourceFile[], done: ReadonlySet<string>): Key[] {
  const left = WISHES.filter((wish) => wish.fits(files) && !wish.done.some((op) => done.has(op)));
  return left.slice(0, MOST).map((wish) => wish.key);
}
