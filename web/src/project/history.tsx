// Every state the project has been in, a small tree: anywhere and back again, and names for those to come back to.

import { useSignal } from "@preact/signals";
import * as sessions from "../api/sessions";
import type { HistoryState } from "../api/types";
import { busy } from "../chat/conversation";
import { type Branch, branches, line } from "./branches";
import { go, redone, undone } from "./moving";
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
            <button disabled={busy.value || now.undo_steps === 0} onClick={telling(undone)}>
              {t("past.undo")}
            </button>
            <button disabled={busy.value || now.redo_steps === 0} onClick={telling(redone)}>
              {t("past.redo")}
            </button>
            <Naming />
          </div>
          <States of={line(now.states).slice(1)} label={t("past.line")} />
          <Beside of={branches(now.states)} />
        </>
      )}
    </section>
  );
}

/** What was left when something else was done instead: a row each, with where it begins. */
function Beside({ of }: { of: Branch[] }) {
  if (of.length === 0) return null;
  return (
    <details class="beside" open>
      <summary>{t("past.beside", { count: of.length })}</summary>
      <ul>
        {of.map(({ after, depth, states }) => {
          const from = after === 0 ? t("past.from.start") : t("past.from", { place: after });
          return (
            <li key={states[0]?.place} data-depth={Math.min(depth, DEEPEST)}>
              <span class="from">
                <span aria-hidden="true">↳</span> {from}
              </span>
              <States of={states} label={from} />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

const DEEPEST = 3; // rows are not moved in any further

function States({ of, label }: { of: HistoryState[]; label: string }) {
  return (
    <ol class="states" aria-label={label}>
      {of.map((state) => (
        <StateChip key={state.place} state={state} here={state.place === history.value?.place} />
      ))}
    </ol>
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
      <button disabled={busy.value || name.value.trim() === ""}>{t("past.keep")}</button>
    </form>
  );
}
