// What went wrong, said once to the person.

import { signal } from "@preact/signals";
import { t } from "../words";

export const notice = signal<string | null>(null);

/** Tell of an error; requests that were given up on purpose are none. */
export function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (error instanceof TypeError) notice.value = t("page.offline");
  else notice.value = t("page.error", { reason: error instanceof Error ? error.message : String(error) });
}

/** A handler that tells when `work` fails. */
export const telling = (work: () => Promise<void>) => (): void => {
  work().catch(tell);
};
