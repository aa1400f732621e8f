// Sentences that fit what is there.

import type { SourceFile } from "../api/types";
import type { Key } from "../words";

export function suggestions(files: SourceFile[]): Key[] {
  const seen = files.some((file) => file.kind !== "audio");
  const beside = files.some((file) => file.kind === "audio");
  if (seen && beside) return ["suggest.voiceover", "suggest.sync", "suggest.noise"];
  const usual: Key[] = ["suggest.noise", "suggest.silence", "suggest.music", "suggest.level"];
  return seen ? [...usual, "suggest.mute"] : usual;
}
