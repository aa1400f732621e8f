// The batch: one request for all, what it would do, and a row for each file with its own result.

import { useSignal } from "@preact/signals";
import { agree, ask, asked, begin, close, doable, type Group, groups, rows, stopAll } from "./batch";
import { opened } from "./opened";
import type { Row } from "./row";
import { busy } from "../chat/conversation";
import { told } from "../chat/receipt";
import { download } from "../exporting/saving";
import { DropEverywhere } from "../project/files";
import { tell, telling } from "../shell/notices";
import { type Key, said, t } from "../words";

export function Batch() {
  const all = rows.value ?? [];
  const coming = all.some((row) => row.stage.value === "coming");
  const open = coming || all.some((row) => row.underWay);
  return (
    <main class="batch">
      <section class="zone" aria-labelledby="batch-title">
        <h2 id="batch-title">{t("batch.title", { count: all.length })}</h2>
        <Request />
        <Plans />
      </section>
      <section class="zone" aria-label={t("batch.rows")}>
        <ul class="rows">
          {all.map((row) => (
            <RowLine key={row.key} row={row} />
          ))}
        </ul>
        <div class="decision">
          {open && <button onClick={telling(stopAll)}>{t("batch.stop")}</button>}
          <button disabled={open} onClick={close}>
            {t("batch.close")}
          </button>
        </div>
      </section>
      <DropEverywhere bring={(files) => void begin(files).catch(tell)} />
    </main>
  );
}

function Request() {
  const reading = useSignal(false);
  const send = async (text: string): Promise<void> => {
    reading.value = true;
    await ask(text).finally(() => (reading.value = false));
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get("request")).trim();
        if (text !== "") send(text).catch(tell);
      }}
    >
      <label for="sentence">{t("batch.label")}</label>
      <div class="sentence">
        <textarea id="sentence" name="request" rows={2} maxLength={20000} defaultValue={asked.value} />
        <button class="primary" disabled={reading.value}>
          {t("batch.plan")}
        </button>
      </div>
    </form>
  );
}

/** Nothing is done before this is agreed to. */
function Plans() {
  const found = groups();
  const able = found.filter((group) => doable(group.plan));
  const count = able.reduce((sum, group) => sum + group.rows.length, 0);
  const credits = able.reduce((sum, group) => sum + group.plan.credits * group.rows.length, 0);
  if (found.length === 0) return null;
  return (
    <div class="card" data-outcome="open">
      {found.map((group) => (
        <PlanOf key={group.rows[0]?.key} group={group} alone={found.length === 1} />
      ))}
      <div class="decision">
        <button class="primary" disabled={count === 0} onClick={agree}>
          {t("batch.apply", { count })}
        </button>
        <span class="quiet">{credits > 0 ? t("plan.credits", { count: credits }) : ""}</span>
      </div>
    </div>
  );
}

function PlanOf({ group, alone }: { group: Group; alone: boolean }) {
  const { plan } = group;
  return (
    <div class="group">
      <h3>{t("batch.fits", { count: group.rows.length })}</h3>
      {!alone && <p class="quiet name">{group.rows.map((row) => row.kept.name).join(", ")}</p>}
      <ul>
        {plan.operations.map((operation, place) => (
          <li key={place}>{said(operation.described)}</li>
        ))}
      </ul>
      {plan.question !== null && <p>{said(plan.question)}</p>}
      {plan.refused.map((words) => (
        <p key={words.en} class="failed">
          {said(words)}
        </p>
      ))}
      {!doable(plan) && <p class="quiet">{t("batch.not")}</p>}
    </div>
  );
}

function RowLine({ row }: { row: Row }) {
  const stage = row.stage.value;
  const { name, session } = row.kept;
  const job = row.job.value;
  const wrong = row.error.value ?? row.unplanned.value;
  return (
    <li data-stage={stage}>
      <div class="job">
        <span class="name">{name}</span>
        <span class="quiet">{t(`batch.stage.${stage}` as Key)}</span>
        {(stage === "coming" || row.underWay) && <HowFar row={row} />}
        {(stage === "coming" || row.underWay) && (
          <button aria-label={t("batch.stop.one", { name })} onClick={telling(() => row.stop())}>
            {t("jobs.cancel")}
          </button>
        )}
        {job !== null && job.download !== null && (
          <button onClick={telling(() => download(job.id, job.name ?? name))}>
            {t("jobs.download", { name: job.name ?? name })}
          </button>
        )}
        {session !== null && !row.underWay && (
          <button disabled={busy.value} aria-label={t("batch.open.one", { name })} onClick={telling(() => opened(session))}>
            {t("batch.open")}
          </button>
        )}
      </div>
      <Receipt row={row} />
      {wrong !== null && <p class="failed">{wrong}</p>}
    </li>
  );
}

function HowFar({ row }: { row: Row }) {
  const label = t("jobs.progress", { name: row.kept.name });
  const stage = row.stage.value;
  const far =
    stage === "coming"
      ? row.fraction.value
      : stage === "making"
        ? (row.job.value?.progress ?? 0) / 100
        : row.work.value?.stage.value?.fraction;
  return far === undefined ? <progress aria-label={label} /> : <progress aria-label={label} value={far} max={1} />;
}

/** What was measured, in a line. */
function Receipt({ row }: { row: Row }) {
  const lines = row.measured.value.flatMap((measured) => told(measured) ?? []);
  return lines.length === 0 ? null : <p class="receipt">{lines.join(" · ")}</p>;
}
