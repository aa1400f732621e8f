// Tabs of one browser that have the same session open tell each other that something was done to it.

const channel = new BroadcastChannel("saycut");

export function tellOthers(session: string): void {
  channel.postMessage(session);
}

/** `hear` is called when another tab did something, and when this one is looked at again: another browser may
 * have done something meanwhile. */
export function listenToOthers(hear: (session: string | null) => void): void {
  channel.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") hear(event.data);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") hear(null);
  });
}
