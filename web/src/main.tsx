import { render } from "preact";
import * as token from "./api/token";
import { restored } from "./chat/conversation";
import { known } from "./exporting/renders";
import { resumed } from "./project/session";
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
}

goneOnWith().catch(tell);
