// The service is away for a while: said as long as that lasts, and asked again until it is back.

import { signal } from "@preact/signals";
import { Refused } from "../api/asking";
import { t } from "../words";

const AGAIN_AFTER_MS = 1500;
const RESTARTING = [502, 503, 504];

export const away = signal(false);

/** What `ask` comes to, however long the service is away before. Raises what the service says itself. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      away.value = false;
      return answer;
    } catch (error) {
      const gone = error instanceof TypeError || (error instanceof Refused && RESTARTING.includes(error.status));
      if (!gone) throw error;
      away.value = true;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}

export function Away() {
  return (
    <div role="status" class="notice away" hidden={!away.value}>
      {away.value && <p>{t("page.away")}</p>}
    </div>
  );
}
