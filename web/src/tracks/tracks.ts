// The tracks of the result, and what may be changed of each as a whole: whether it is heard, and how loud.

import { computed } from "@preact/signals";
import type { Draft, Segment, SourceFile, Track } from "../api/types";
import { carryOut } from "../chat/conversation";
import { files, latest } from "../project/session";

const TEXT = 7;

export interface Laid {
  name: string;
  startS: number;
  lengthS: number;
  audible: boolean;
}

/** One track; `target` is how operations call its sound: null where it has none. */
export interface Lane {
  id: string;
  role: string;
  seen: boolean;
  laid: Laid[];
  target: string | null;
  muted: boolean;
  gainDb: number;
  even: boolean; // whether all of it is at that gain
}

export const lanes = computed<Lane[]>(() => read(latest.value?.state.draft ?? {}, files.value));

function read(draft: Draft, files: SourceFile[]): Lane[] {
  const silent = new Set(files.filter((file) => file.channels === undefined).map((file) => file.file_id));
  let sounding = 0;
  return (draft.t ?? [])
    .filter((track) => track.tt !== TEXT && track.sg.length > 0)
    .map((track) => {
      // What is not among the files is music that was composed here: it sounds.
      const sounds = track.sg.some(({ m }) => m.asset_id !== undefined && !silent.has(m.asset_id));
      if (sounds) sounding += 1;
      return lane(track, sounds ? `audio:${sounding}` : null);
    });
}

function lane(track: Track, target: string | null): Lane {
  const laid = track.sg.map((segment) => ({
    name: segment.m.name ?? "",
    startS: segment.m.at_ms / 1000,
    lengthS: segment.d / 1000,
    audible: segment.m.saycut?.["audible"] !== false,
  }));
  const gains = track.sg.map(gainOf);
  return {
    id: String(track.m.saycut?.["id"] ?? ""),
    role: String(track.m.saycut?.["role"] ?? "main"),
    seen: track.tt === 0,
    laid,
    target,
    muted: laid.every((each) => !each.audible),
    gainDb: gains[0] ?? 0,
    even: gains.every((gain) => gain === gains[0]),
  };
}

const gainOf = ({ m }: Segment): number => {
  const said = m.saycut?.["gain_db"];
  return typeof said === "number" ? said : 0;
};

export async function toggled({ target, muted }: Lane): Promise<void> {
  if (target !== null) await carryOut([{ op: muted ? "unmute" : "mute", args: { target } }]);
}

/** Bring the whole track to that gain; where parts of it differ they keep their difference. */
export async function levelled({ target, gainDb }: Lane, wantedDb: number): Promise<void> {
  const change = Math.round((wantedDb - gainDb) * 10) / 10;
  if (target !== null && change !== 0) await carryOut([{ op: "volume", args: { target, gain_db: change } }]);
}
