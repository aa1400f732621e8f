// Every state the project has been in: there and back again, and names for those to come back to.

import { useSignal } from "@preact/signals";
import * as sessions from "../api/sessions";
import type { HistoryState } from "../api/types";
import { busy } from "../chat/conversation";
import { history, id, latest, hasTimeline, refreshed } from "./session";
import { telling } from "../shell/notices";
import { t } from "../words";

export function Past() {
  const now = history.value;
  return (
    <section class="zone past" aria-labelledby="past-title">
      <h2 id="past-title">{t("past.title")}</h2>
      <p class={hasTimeline.value ? "" : "quiet"}>
        {hasTimeline.value ? latest.value?.state.summary : t("past.nothing")}
      </p>
      {now !== null && hasTimeline.value && (
        <>
          <div class="decision">
            <button disabled={busy.value || now.place === 0} onClick={telling(() => go(now.place - 1))}>
              {t("past.undo")}
            </button>
            <button
              disabled={busy.value || now.place >= now.states.length - 1}
              onClick={telling(() => go(now.place + 1))}
            >
              {t("past.redo")}
            </button>
            <Naming />
          </div>
          <ol class="states">
            {now.states.slice(1).map((state) => (
              <StateChip key={state.place} state={state} here={state.place === now.place} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function StateChip({ state, here }: { state: HistoryState; here: boolean }) {
  const said = state.said === "" ? t("past.upload") : state.said;
  return (
    <li>
      <button
        aria-current={here ? "step" : undefined}
        disabled={busy.value && !here}
        title={state.summary}
        onClick={telling(() => go(state.place))}
      >
        {state.place}. {state.name === null ? said : `★ ${state.name}`}
      </button>
    </li>
  );
}

function Naming() {
  const name = useSignal("");
  const give = telling(async () => {
    if (id.value === null || name.value.trim() === "") return;
    await sessions.named(id.value, name.value.trim());
    name.value = "";
    await refreshed();
  });
  return (
    <form
      class="naming"
      onSubmit={(event) => {
        event.preventDefault();
        give();
      }}
    >
      <input
        type="text"
        maxLength={120}
        value={name.value}
        aria-label={t("past.name")}
        placeholder={t("past.name")}
        onInput={(event) => (name.value = event.currentTarget.value)}
      />
      <button disabled={name.value.trim() === ""}>{t("past.keep")}</button>
    </form>
  );
}

/** To the state at `place`, back or forward. */
export async function go(place: number): Promise<void> {
  const [session, now] = [id.value, history.value];
  if (session === null || now === null || place === now.place) return;
  const steps = Math.abs(place - now.place);
  if (place < now.place) await sessions.undo(session, steps);
  else await sessions.redo(session, steps);
  await refreshed();
}
