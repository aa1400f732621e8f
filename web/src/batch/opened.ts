// From a row to its project, where everything can be done to one file alone; the batch goes on meanwhile.

import { away } from "./batch";
import { caughtUp, cleared, restored } from "../chat/conversation";
import { entered, id } from "../project/session";

export async function opened(session: string): Promise<void> {
  if (session === id.value) {
    away.value = true;
    return caughtUp(true);
  }
  if (!(await entered(session))) return;
  cleared();
  away.value = true;
  await restored();
}
