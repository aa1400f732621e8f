// Going from state to state; all of it is free.

import * as sessions from "../api/sessions";
import { history, id, refreshed } from "./session";

/** To the state at `place`, on whichever branch. */
export async function go(place: number): Promise<void> {
  if (place !== history.value?.place) await moved((session) => sessions.goTo(session, place));
}

/** One turn back along the line. */
export const undone = (): Promise<void> => moved(sessions.undo);

/** One turn forward again. */
export const redone = (): Promise<void> => moved(sessions.redo);

async function moved(move: (session: string) => Promise<unknown>): Promise<void> {
  if (id.value === null) return;
  await move(id.value);
  await refreshed();
}
