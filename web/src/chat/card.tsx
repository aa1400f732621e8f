// A plan: one line an operation, to be ticked or not, then applied or not.

import { busy, again, apply, dismiss } from "./conversation";
import type { Card } from "./entries";
import { changed } from "./hearing";
import { Listen, Listening } from "./listening";
import { told } from "./receipt";
import { Gear, SettingsOf } from "./settings";
import { telling } from "../shell/notices";
import { said, t } from "../words";

export function PlanCard({ card }: { card: Card }) {
  const { plan } = card;
  const open = card.outcome.value === "open";
  const title = t(card.place === null ? "plan.title" : "plan.adjust.title");
  return (
    <section class="card" aria-label={title} data-outcome={card.outcome.value}>
      <h3>{title}</h3>
      <ul class="plan">
        {plan.operations.map((operation, place) => (
          <li key={place}>
            <div class="line">
              <label>
                <input
                  type="checkbox"
                  checked={card.chosen.value[place] ?? false}
                  disabled={!open}
                  onChange={() => toggle(card, place)}
                />
                <span>{said(operation.described)}</span>
              </label>
              {open && <Gear card={card} place={place} />}
            </div>
            <Measured card={card} place={place} />
            <SettingsOf card={card} place={place} shown={open} />
          </li>
        ))}
      </ul>
      {plan.refused.length > 0 && (
        <div class="refused">
          <h4>{t("plan.refused")}</h4>
          {plan.refused.map((words) => (
            <p key={words.en}>{said(words)}</p>
          ))}
        </div>
      )}
      {open && <Listening card={card} />}
      {open ? <Decision card={card} /> : <Decided card={card} />}
    </section>
  );
}

/** What this line did to the ten seconds that were listened to. */
function Measured({ card, place }: { card: Card; place: number }) {
  const measured = card.measured(place);
  const receipt = measured === null ? null : told(measured);
  return receipt === null ? null : <p class="receipt">{receipt}</p>;
}

function Decision({ card }: { card: Card }) {
  const none = card.operations.length === 0;
  return (
    <div class="decision">
      <button class="primary" disabled={none || busy.value} onClick={telling(() => apply(card))}>
        {t("plan.apply")}
      </button>
      <Listen card={card} />
      <button onClick={() => dismiss(card)}>{t("plan.cancel")}</button>
      <span class="quiet">
        {none ? t("plan.none") : card.plan.credits > 0 ? t("plan.credits", { count: card.plan.credits }) : ""}
      </span>
    </div>
  );
}

function Decided({ card }: { card: Card }) {
  const outcome = card.outcome.value;
  if (outcome === "stale") {
    return (
      <div class="decision">
        <p>{t(card.place === null ? "plan.stale" : "plan.adjust.stale")}</p>
        {card.place === null && <button onClick={telling(() => again(card))}>{t("plan.again")}</button>}
      </div>
    );
  }
  return <p class="quiet">{t(outcome === "applied" ? "plan.applied" : "plan.dismissed")}</p>;
}

function toggle(card: Card, place: number): void {
  card.chosen.value = card.chosen.value.map((chosen, at) => (at === place ? !chosen : chosen));
  changed(card);
}
