// The service is away for a while: said as long as that lasts, and asked again until it is back.

import { signal } from "@preact/signals";
import { passing, Refused } from "../api/asking";
import { t } from "../words";

const AGAIN_AFTER_MS = 1500;

export const away = signal(false);

/** What `ask` comes to, however long the service is away before. Raises what the service says itself. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      away.value = false;
      return answer;
    } catch (error) {
      away.value = gone(error);
      if (!passing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs(error)));
    }
  }
}

/** Whether it is away, and not only asked for too much. */
export const gone = (error: unknown): boolean => passing(error) && !(error instanceof Refused && error.status === 429);

/** How long to wait before the same is asked again. */
export const pauseMs = (error: unknown): number =>
  error instanceof Refused && error.afterS !== null ? error.afterS * 1000 : AGAIN_AFTER_MS;

export function Away() {
  return (
    <div role="status" class="notice away" hidden={!away.value}>
      {away.value && <p>{t("page.away")}</p>}
    </div>
  );
}
