// The stream of a turn: read as it comes, gone on with where it broke off.

import { passing, response } from "./asking";
import type { TurnEvent } from "./types";
import { away, gone } from "../shell/away";

const AGAIN_AFTER_MS = [500, 1000, 2000, 4000];
const AT_LAST_MS = 8000; // and so on: the turn goes on without us, and is not over before it says so

export type Begun = { text: string } | { turn: string };

/** Every event of one turn: a new one that says `text`, or one that was begun before. */
export async function* events(session: string, begun: Begun): AsyncGenerator<TurnEvent> {
  let turn = "turn" in begun ? begun.turn : null;
  let after = "0";
  let broken = 0;
  for (;;) {
    try {
      for await (const frame of frames(session, begun, turn, after)) {
        [turn, after, broken] = [frame.event.invocationId, frame.number, 0];
        away.value = false;
        yield frame.event;
      }
      return;
    } catch (error) {
      // Before its first event nobody knows whether the turn was begun: saying it again may do it twice.
      if (!passing(error) || turn === null) throw error;
      away.value = gone(error) && broken > 0; // a connection that breaks once is nothing to tell
      const pause = AGAIN_AFTER_MS[broken] ?? AT_LAST_MS;
      broken += 1;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

interface Frame {
  number: string;
  event: TurnEvent;
}

async function* frames(
  session: string,
  begun: Begun,
  turn: string | null,
  after: string,
): AsyncGenerator<Frame> {
  const body: Record<string, unknown> = { app_name: "nemo_agent", user_id: "me", session_id: session };
  if (turn !== null) body["invocation_id"] = turn;
  if ("text" in begun) body["new_message"] = { role: "user", parts: [{ text: begun.text }] };
  const headers = { "Last-Event-ID": after };
  const answer = await response("/run_sse", { method: "POST", body, headers });
  for await (const block of blocks(answer)) {
    const frame = read(block);
    if (frame !== null) yield frame;
  }
}

/** What stands between blank lines. */
async function* blocks(answer: Response): AsyncGenerator<string> {
  if (answer.body === null) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      held += value;
      const whole = held.split("\n\n");
      held = whole.pop() ?? "";
      yield* whole;
    }
  } finally {
    reader.cancel().catch(() => undefined); // whoever leaves early; the turn goes on
  }
}

function read(block: string): Frame | null {
  let number = "0";
  let data: string | null = null;
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) number = line.slice(4);
    else if (line.startsWith("data: ")) data = line.slice(6);
  }
  if (data === null) return null; // a comment that keeps the connection open
  const said = JSON.parse(data) as TurnEvent & { error?: string };
  if (said.error !== undefined) throw new Error(said.error);
  return { number, event: said };
}
