// The zone where things are said.

import { computed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { PlanCard } from "./card";
import { made } from "./changes";
import { busy, entries, say, thinking } from "./conversation";
import type { Entry } from "./entries";
import { suggestions } from "./suggestions";
import { WorkEntry } from "./work";
import { glimpsed, planFor, propose, proposed, typed } from "./typing";
import { files } from "../project/session";
import { tell } from "../shell/notices";
import { said, t } from "../words";

/** The operations that are in force. */
const done = computed(() => new Set(made.value.flatMap((work) => work.steps.value.map((step) => step.op))));

export function Chat() {
  return (
    <section class="zone chat" aria-labelledby="chat-title">
      <h2 id="chat-title">{t("chat.title")}</h2>
      <Log />
      <Composer />
    </section>
  );
}

function Log() {
  const log = useRef<HTMLDivElement>(null);
  const shown = entries.value;
  useEffect(() => (log.current === null ? undefined : keptAtItsEnd(log.current)), []);
  return (
    <div
      ref={log}
      class={shown.length === 0 ? "log empty" : "log"}
      role="log"
      aria-live="polite"
      aria-label={t("chat.log")}
      tabIndex={0}
    >
      {shown.length === 0 && <p class="quiet">{t("chat.nothing")}</p>}
      {shown.map((entry) => (
        <EntryLine key={entry.key} entry={entry} />
      ))}
      {thinking.value && <p class="quiet">{t("chat.thinking")}</p>}
    </div>
  );
}

/** Whatever is added is in sight, unless the person has scrolled back to read. */
function keptAtItsEnd(log: HTMLElement): () => void {
  let atEnd = true;
  const scrolled = (): void => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  };
  const added = new MutationObserver(() => {
    if (atEnd) log.scrollTop = log.scrollHeight;
  });
  log.addEventListener("scroll", scrolled, { passive: true });
  added.observe(log, { childList: true, subtree: true, characterData: true });
  return () => {
    log.removeEventListener("scroll", scrolled);
    added.disconnect();
  };
}

function EntryLine({ entry }: { entry: Entry }) {
  if (entry.kind === "card") return <PlanCard card={entry} />;
  if (entry.kind === "work") return <WorkEntry work={entry} />;
  return <p class="said">{entry.text}</p>;
}

/** What the words in the field would do; told quietly, for it changes with every pause. */
function Understood() {
  const plan = glimpsed.value?.plan;
  if (plan === undefined) return <p class="understood" />;
  const does = plan.operations.map((operation) => beginning(said(operation.described)));
  const told = plan.question === null ? [...does, ...plan.refused.map(said)] : [said(plan.question)];
  const what = told.join(" · ");
  return (
    <p class="understood quiet" aria-live="off">
      {what !== "" && t("chat.understood", { what })}
    </p>
  );
}

/** Of a line of a plan: its settings come with the card. */
const beginning = (line: string): string => line.split(/[,，]/)[0] ?? line;

function Composer() {
  const field = useRef<HTMLTextAreaElement>(null);
  const send = (): void => {
    const text = field.current?.value.trim() ?? "";
    if (text === "" || busy.value || field.current === null) return;
    field.current.value = "";
    const known = planFor(text);
    typed("");
    say(text, known).catch(tell);
  };
  useSignalEffect(() => {
    if (proposed.value === null || field.current === null) return;
    field.current.value = proposed.value;
    field.current.focus();
    typed(proposed.value);
    proposed.value = null;
  });
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {files.value.length > 0 && (
        <ul class="suggestions" aria-label={t("chat.suggestions")}>
          {suggestions(files.value, done.value).map((key) => (
            <li key={key}>
              <button type="button" onClick={() => propose(t(key))}>
                {t(key)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <label for="sentence">{t("chat.label")}</label>
      <div class="sentence">
        <textarea
          id="sentence"
          ref={field}
          rows={2}
          maxLength={20000}
          placeholder={t("chat.placeholder")}
          onInput={(event) => typed(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey) return;
            if (event.isComposing) return; // Enter chooses among characters then
            event.preventDefault();
            send();
          }}
        />
        <button class="primary" disabled={busy.value}>
          {t("chat.send")}
        </button>
      </div>
      <Understood />
    </form>
  );
}
