// The settings of an operation, behind its gear: one field for each argument that a field can hold.

import { signal, useComputed } from "@preact/signals";
import { vocabulary } from "../api/sessions";
import type { Argument, Json } from "../api/types";
import { adjust } from "./conversation";
import type { Card } from "./entries";
import { tell, telling } from "../shell/notices";
import { isKey, t } from "../words";

const known = signal<Map<string, Argument[]> | null>(null);
const opened = signal<string | null>(null); // one at a time

const keyOf = (card: Card, place: number): string => `${card.key}-${place}`;

export function Gear({ card, place }: { card: Card; place: number }) {
  const key = keyOf(card, place);
  const shown = opened.value === key;
  const toggle = telling(async () => {
    opened.value = shown ? null : key;
    known.value ??= await vocabulary();
  });
  return (
    <button class="gear" aria-expanded={shown} aria-controls={key} aria-label={t("plan.settings")} onClick={toggle}>
      <span aria-hidden="true">⚙</span>
    </button>
  );
}

export function SettingsOf({ card, place, shown }: { card: Card; place: number; shown: boolean }) {
  const key = keyOf(card, place);
  const operation = card.plan.operations[place];
  if (!shown || operation === undefined || opened.value !== key || known.value === null) return null;
  const fields = (known.value.get(operation.op) ?? []).filter((argument) => argument.kind !== "other");
  return (
    <div class="settings" id={key} role="group" aria-label={t("plan.settings")}>
      {fields.length === 0 && <p class="quiet">{t("plan.settings.none")}</p>}
      {fields.map((argument) => (
        <Field key={argument.name} card={card} place={place} argument={argument} />
      ))}
    </div>
  );
}

interface Place {
  card: Card;
  place: number;
  argument: Argument;
}

function Field({ card, place, argument }: Place) {
  const given = useComputed(() => card.plan.operations[place]?.args[argument.name]);
  const value = given.value === undefined ? argument.default : given.value;
  const change = (said: Json | undefined): void => {
    adjust(card, place, argument.name, said).catch(tell);
  };
  return (
    <label>
      <span>{named("argument", argument.name)}</span>
      {argument.kind === "choice" ? (
        <Choice argument={argument} value={value} change={change} />
      ) : argument.kind === "flag" ? (
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      ) : argument.kind === "number" ? (
        <input
          type="number"
          step={argument.whole ? 1 : "any"}
          min={argument.least ?? undefined}
          max={argument.most ?? undefined}
          value={value === null ? "" : String(value)}
          onChange={(event) => change(read(event.currentTarget, argument))}
        />
      ) : (
        <input
          type="text"
          value={value === null ? "" : String(value)}
          onChange={(event) => change(read(event.currentTarget, argument))}
        />
      )}
    </label>
  );
}

interface Changing {
  argument: Argument;
  value: Json;
  change: (said: Json | undefined) => void;
}

function Choice({ argument, value, change }: Changing) {
  return (
    <select
      value={value === null ? "" : String(value)}
      onChange={(event) =>
        change(argument.choices.find((choice) => String(choice) === event.currentTarget.value))
      }
    >
      {argument.optional && <option value="">{t("plan.settings.open")}</option>}
      {argument.choices.map((choice) => (
        <option key={choice} value={String(choice)}>
          {named("choice", String(choice))}
        </option>
      ))}
    </select>
  );
}

/** What was typed: a number where it is one, the default where there is nothing, else the words. */
function read(field: HTMLInputElement, argument: Argument): Json | undefined {
  const text = field.value.trim();
  if (text === "") return undefined;
  const number = Number(text);
  return argument.kind !== "text" && Number.isFinite(number) ? number : text;
}

/** Its name in words; where there are none, as it is written. */
function named(what: "argument" | "choice", name: string): string {
  const key = `${what}.${name}`;
  return isKey(key) ? t(key) : name.replaceAll("_", " ");
}
