// The pre-flight list: a mark, a name and a sentence a line; never by colour alone.

import { checking, checks, untold } from "./preflight";
import type { Check } from "../api/types";
import { isKey, said, t } from "../words";

const MARKS = { good: "✓", look: "!", stop: "✗" } as const;

export function Checks() {
  return (
    <section class="checks" aria-labelledby="checks-title" aria-busy={checking.value}>
      <h3 id="checks-title">{t("check.title")}</h3>
      <p class="quiet" role="status">
        {summary()}
      </p>
      <ul>
        {checks.value.map((check) => (
          <Line key={check.what} check={check} />
        ))}
      </ul>
    </section>
  );
}

function Line({ check }: { check: Check }) {
  const key = `check.${check.what}`;
  return (
    <li data-verdict={check.verdict}>
      <span class="mark" role="img" aria-label={t(`check.verdict.${check.verdict}`)}>
        {MARKS[check.verdict]}
      </span>
      <span class="what">{isKey(key) ? t(key) : check.what}</span>
      <span>{said(check.words)}</span>
    </li>
  );
}

function summary(): string {
  if (checking.value) return t("check.checking");
  if (untold.value !== null) return untold.value;
  const count = checks.value.filter((check) => check.verdict !== "good").length;
  if (count === 0) return checks.value.length === 0 ? "" : t("check.well");
  return count === 1 ? t("check.one") : t("check.some", { count });
}
