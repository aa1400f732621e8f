import { render } from "preact";
import * as token from "./api/token";
import * as batch from "./batch/batch";
import { caughtUp, restored } from "./chat/conversation";
import { known } from "./exporting/renders";
import { id, resumed } from "./project/session";
import { listenToOthers } from "./project/tabs";
import { listenToKeys } from "./shell/keys";
import { tell } from "./shell/notices";
import { Page } from "./shell/page";
import "./style/page.css";

token.takeFromAddress();
const place = document.getElementById("page");
if (place !== null) render(<Page />, place);
listenToKeys();

async function goneOnWith(): Promise<void> {
  if (token.known() === null) return; // nobody yet: whoever only looks is not registered
  if (await resumed()) await restored();
  await known();
  batch.resumed();
}

void goneOnWith()
  .catch(tell)
  .then(() =>
    listenToOthers((session) => {
      if (session === null || session === id.value) caughtUp(session !== null).catch(tell);
    }),
  );
