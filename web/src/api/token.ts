// Who asks. The operator's token comes in the address (`/#token=…`, printed by `saycut serve`); anybody else
// is registered like every client of the service.

const TOKEN = "saycut.token";
const CLIENT = "saycut.client";

/** Take the token out of the address, where nobody should read it, copy it or come back to it. */
export function takeFromAddress(): void {
  const said = new URLSearchParams(location.hash.slice(1)).get("token");
  if (said === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (/^[\w.-]{16,200}$/.test(said)) localStorage.setItem(TOKEN, said);
}

export function known(): string | null {
  return localStorage.getItem(TOKEN);
}

export function forget(): void {
  localStorage.removeItem(TOKEN);
}

/** A token of our own; the same person as before as long as this browser remembers. */
export async function registered(): Promise<string> {
  const answer = await fetch("/api/auth/anonymous-token", {
    method: "POST",
    headers: { "X-Client-Id": clientId() },
  });
  const body = (await answer.json()) as { message: string; data?: { token: string } };
  if (!answer.ok || body.data === undefined) throw new Error(body.message);
  localStorage.setItem(TOKEN, body.data.token);
  return body.data.token;
}

function clientId(): string {
  const before = localStorage.getItem(CLIENT);
  if (before !== null) return before;
  const made = randomId();
  localStorage.setItem(CLIENT, made);
  return made;
}

/** A UUID (version 4), also where the page does not come over TLS and `randomUUID` is missing. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
