// What goes over the wire (docs/reference/http.md). Written once, here.

export interface InWords {
  en: string;
  zh: string;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Args = { [key: string]: Json };

export interface Operation {
  op: string;
  args: Args;
}

export interface PlannedOperation extends Operation {
  described: InWords;
}

/** What words would do; nothing was done. */
export interface Plan {
  session_id: string;
  version: number;
  kind: string;
  language: string;
  operations: PlannedOperation[];
  question: InWords | null;
  choices: InWords[];
  refused: InWords[];
  by_model: boolean;
  credits: number;
}

/** Ten seconds before and after operations that nobody agreed to yet; MP3s in base64, at one loudness. */
export interface Listening {
  at_s: number;
  seconds: number;
  after_s: number;
  before: string;
  after: string | null;
  removed: string | null;
  removed_is: "cut" | "difference" | "nothing";
  removed_s: number;
  lufs: number | null;
  steps: Args[];
  warnings: InWords[];
}

/** What an operation takes; `mixed` is a number or a text. */
export interface Argument {
  name: string;
  kind: "choice" | "number" | "flag" | "text" | "mixed" | "other";
  choices: (string | number)[];
  whole: boolean;
  least: number | null;
  most: number | null;
  optional: boolean;
  default: Json;
}

export interface Turn {
  id: string;
  session_id: string;
  text: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
}

export interface TurnSoFar {
  status: Turn["status"];
  events: { event: TurnEvent }[];
}

export interface Part {
  text?: string;
  functionCall?: { id: string; name: string; args: Args };
  functionResponse?: { id: string; name: string; response: Args };
}

/** One event of a turn. */
export interface TurnEvent {
  id: string;
  invocationId: string;
  author: string;
  content?: { role: string; parts: Part[] };
  partial?: boolean;
  turnComplete?: boolean;
  errorCode?: string;
  errorMessage?: string;
  customMetadata?: {
    progress?: { stage: string; fraction: number };
    choices?: string[];
    register_url?: string;
  };
}

export interface AgentSession {
  id: string;
  events: TurnEvent[];
}

export interface SourceFile {
  file_id: string;
  name: string;
  kind: "video" | "audio" | "image";
  duration_ms: number;
  size: number;
  width?: number;
  height?: number;
  frame_rate?: number;
  channels?: number;
}

export interface Segment {
  d: number;
  m: { asset_id?: string; name?: string; at_ms: number; start_ms?: number; text?: string; saycut?: Args };
}

export interface Track {
  tt: number;
  sg: Segment[];
  m: { saycut?: Args };
}

export interface Draft {
  t?: Track[];
  d?: number;
  m?: { saycut?: Args };
}

/** A session as it stands. */
export interface Latest {
  user_id: string;
  version: number;
  state: { draft: Draft; summary: string; video_infos: SourceFile[] };
}

/** One state; `after` is the place that it came from, `turn` what led to it (null: a file was added). */
export interface HistoryState {
  place: number;
  after: number | null;
  on_line: boolean;
  turn: string | null;
  said: string;
  name: string | null;
  summary: string;
  duration_s: number;
}

/** A tree of states: the one at place 3 is `states[3]`. */
export interface SessionHistory {
  version: number;
  place: number;
  undo_steps: number;
  redo_steps: number;
  open_turn: string | null;
  states: HistoryState[];
}

export interface Peaks {
  file_id: string;
  duration_ms: number;
  peaks: number[];
  exact: boolean;
}

export interface Job {
  id: string;
  session_id: string;
  status: "pending" | "processing" | "completed" | "failed" | "cancelled";
  progress: number;
  eta_s: number | null;
  stage: string | null;
  name: string | null;
  duration_ms: number | null;
  download: string | null;
  error: { code: string; message: string } | null;
  created_at: string;
}

/** What the file is to be; the platform is "" for none. */
export interface Choice {
  platform: string;
  format: string;
  quality: string;
}

/** One thing to know before a file is made. */
export interface Check {
  what: string;
  verdict: "good" | "look" | "stop";
  words: InWords;
}

export interface Rendered {
  status: string;
  output?: { url: string; size: number; duration_ms: number };
}

/** What was measured on a finished file. */
export interface Receipt {
  receipt: Args;
  notes: [string, string][];
  credits: Args[];
}

export interface Credits {
  available: number;
  frozen: number;
  total: number;
  metered: boolean;
}
