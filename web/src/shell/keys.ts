// Keys that act anywhere, because no text contains them: all of them need Ctrl or ⌘.

import { inSight } from "../batch/batch";
import { apply, busy, entries } from "../chat/conversation";
import type { Card } from "../chat/entries";
import { redone, undone } from "../project/moving";
import { history } from "../project/session";
import { tell } from "./notices";

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || busy.value || inSight.value) return;
    const does = event.key === "Enter" ? applied : event.key.toLowerCase() === "z" ? moved(event) : null;
    if (does === null) return;
    event.preventDefault();
    does().catch(tell);
  });
}

/** Agree to the newest plan. */
async function applied(): Promise<void> {
  const open = entries.value.findLast(
    (each): each is Card => each.kind === "card" && each.outcome.value === "open",
  );
  if (open !== undefined && open.operations.length > 0) await apply(open);
}

/** Undo, with Shift redo; where text is written that is the text's own. */
function moved(event: KeyboardEvent): (() => Promise<void>) | null {
  const target = event.target as HTMLElement;
  const now = history.value;
  if (target.matches("input:not([type=range], [type=checkbox]), textarea") || now === null) return null;
  if ((event.shiftKey ? now.redo_steps : now.undo_steps) === 0) return null;
  return event.shiftKey ? redone : undone;
}
