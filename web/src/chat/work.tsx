// A turn: every operation with what it measured, how far the rest is, and the last words.

import type { Step, Work } from "./entries";
import { adjustable } from "./changes";
import { busy, readjust, say, stop } from "./conversation";
import { told } from "./receipt";
import { telling } from "../shell/notices";
import { isKey, said, t } from "../words";

export function WorkEntry({ work }: { work: Work }) {
  const shown = work.steps.value.filter((step) => step.described !== null);
  const anew = adjustable.value.get(work);
  return (
    <div class="work">
      {shown.length > 0 && (
        <ol class="steps">
          {shown.map((step, place) => (
            <StepLine key={place} step={step} />
          ))}
        </ol>
      )}
      {!work.over.value && <HowFar work={work} />}
      {work.error.value !== null && <p class="failed">{work.error.value}</p>}
      {work.answer.value !== "" && <p class="answer">{answer(work, shown.length > 0)}</p>}
      {work.register.value !== null && (
        <p>
          <a href={work.register.value}>{work.register.value}</a>
        </p>
      )}
      {anew !== undefined && (
        <div class="decision">
          <button disabled={busy.value} onClick={telling(() => readjust(work.text, anew))}>
            {t("plan.adjust")}
          </button>
        </div>
      )}
      {work.choices.value.length > 0 && <Choices work={work} />}
    </div>
  );
}

function StepLine({ step }: { step: Step }) {
  const receipt = step.measured === null ? null : told(step.measured);
  return (
    <li data-done={step.measured !== null}>
      <span>{step.described === null ? step.op : said(step.described)}</span>
      {receipt !== null && <span class="receipt">{receipt}</span>}
    </li>
  );
}

function HowFar({ work }: { work: Work }) {
  const far = work.stage.value;
  const key = `stage.${(far?.stage ?? "").replaceAll(" ", "_")}`;
  const stage = isKey(key) ? t(key) : t("turn.working");
  return (
    <div class="far">
      <span>{stage}</span>
      {far === null ? (
        <progress aria-label={stage} />
      ) : (
        <progress aria-label={stage} value={far.fraction} max={1} />
      )}
      {work.turn.value !== null && <button onClick={telling(() => stop(work))}>{t("turn.stop")}</button>}
    </div>
  );
}

/** What may be answered, one click each. */
function Choices({ work }: { work: Work }) {
  const choose = (choice: string) =>
    telling(async () => {
      work.choices.value = [];
      await say(choice);
    });
  return (
    <ul class="choices">
      {work.choices.value.map((choice) => (
        <li key={choice}>
          <button onClick={choose(choice)}>{choice}</button>
        </li>
      ))}
    </ul>
  );
}

/** The service's last words; what the steps above say already is not said twice. */
function answer(work: Work, withSteps: boolean): string {
  const lines = work.answer.value.split("\n");
  const shown = withSteps ? lines.filter((line) => !line.startsWith("✅")) : lines;
  return shown.join("\n").replaceAll("✅", "✓"); // not every system has the coloured one
}
