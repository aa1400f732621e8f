// From a row to its project, where everything can be done to one file alone; the batch goes on meanwhile.

import { away } from "./batch";
import { restored } from "../chat/conversation";
import { entered } from "../project/session";

export async function opened(session: string): Promise<void> {
  if (!(await entered(session))) return;
  await restored();
  away.value = true;
}
