// What was exported: how far it is, the file, and what was measured on it.

import { useSignal } from "@preact/signals";
import * as api from "../api/jobs";
import type { Args, Job, Receipt } from "../api/types";
import { isOpen, renders, stopped } from "./renders";
import { download, save } from "./saving";
import { calls, canCall, refused, ring, sounds, wish } from "../shell/calling";
import { tell, telling } from "../shell/notices";
import { isKey, type Key, t } from "../words";
import { clock, megabytes, plain } from "../words/numbers";

export function Jobs() {
  return (
    <section class="zone jobs" aria-labelledby="jobs-title">
      <h2 id="jobs-title">{t("jobs.title")}</h2>
      {renders.value.length === 0 && <p class="quiet">{t("jobs.nothing")}</p>}
      <ul>
        {renders.value.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </ul>
      <Calling />
    </section>
  );
}

/** Whether and how somebody who looks elsewhere is called. */
function Calling() {
  return (
    <div class="calling">
      {canCall && (
        <label>
          <input
            type="checkbox"
            checked={calls.value}
            onChange={(event) => void wish(event.currentTarget.checked).catch(tell)}
          />
          {t("call.tell")}
        </label>
      )}
      <label>
        <input type="checkbox" checked={sounds.value} onChange={(event) => ring(event.currentTarget.checked)} />
        {t("call.sound")}
      </label>
      {refused.value && <p class="quiet">{t("call.refused")}</p>}
    </div>
  );
}

function JobLine({ job }: { job: Job }) {
  const name = job.name ?? "…";
  return (
    <li data-status={job.status}>
      <div class="job">
        <span class="name">{job.name ?? new Date(job.created_at).toLocaleString()}</span>
        <span class="quiet">{status(job)}</span>
        {isOpen(job) && (
          <>
            <progress aria-label={t("jobs.progress", { name })} value={job.progress} max={100} />
            <button onClick={telling(() => stopped(job))}>{t("jobs.cancel")}</button>
          </>
        )}
        {job.download !== null && (
          <button onClick={telling(() => download(job.id, job.name ?? ""))}>{t("jobs.download", { name })}</button>
        )}
        {job.status === "completed" && <Besides job={job} name={name} />}
      </div>
      {job.download !== null && <Watched job={job} />}
      {job.error !== null && <p class="failed">{job.error.message}</p>}
      {job.status === "completed" && job.download === null && <p class="quiet">{t("jobs.gone")}</p>}
      {job.status === "completed" && <Measured job={job} />}
    </li>
  );
}

function status(job: Job): string {
  if (job.status !== "processing") return t(`jobs.${job.status}` as Key);
  const stage = `stage.${(job.stage ?? "").replaceAll(" ", "_")}`;
  const parts = isKey(stage) ? [t(stage)] : [];
  parts.push(t("jobs.processing", { percent: job.progress }));
  if (job.eta_s !== null) parts.push(t("jobs.left", { time: clock(job.eta_s) }));
  return parts.join(" · ");
}

/** The finished file itself, played by the browser. */
function Watched({ job }: { job: Job }) {
  const address = useSignal<string | null>(null);
  const look = telling(async () => {
    address.value ??= await api.address(job.id);
  });
  const shown = address.value;
  const heard = /\.(mp3|m4a|wav|flac|ogg)$/.test(job.name ?? "");
  return (
    <details onToggle={look}>
      <summary>{t("jobs.watch")}</summary>
      {shown !== null && (heard ? <audio controls src={shown} /> : <video controls src={shown} />)}
    </details>
  );
}

/** What goes with the file: whose the music is, and how the file came about. */
function Besides({ job, name }: { job: Job; name: string }) {
  return (
    <>
      <button aria-label={t("jobs.credits.of", { name })} onClick={telling(() => kept(job, "credits?form=text"))}>
        {t("jobs.credits")}
      </button>
      <button
        aria-label={t("jobs.project.of", { name })}
        title={t("jobs.project.how")}
        onClick={telling(() => kept(job, "project"))}
      >
        {t("jobs.project")}
      </button>
    </>
  );
}

async function kept(job: Job, which: api.Beside): Promise<void> {
  const { name, data } = await api.beside(job.id, which);
  const address = URL.createObjectURL(data);
  save(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser reads it after the click
}

function Measured({ job }: { job: Job }) {
  const receipt = useSignal<Receipt | null>(null);
  const look = telling(async () => {
    receipt.value ??= await api.receipt(job.id);
  });
  return (
    <details onToggle={look}>
      <summary>{t("jobs.measured")}</summary>
      {receipt.value !== null && <Figures receipt={receipt.value} />}
    </details>
  );
}

const ROWS: [Key, string, string, (value: number) => string][] = [
  ["jobs.length", "duration_before_s", "duration_after_s", (s) => clock(s, true)],
  ["jobs.loudness", "lufs_before", "lufs_after", (v) => `${plain(v, 1)} LUFS`],
  ["jobs.peak", "true_peak_before_dbtp", "true_peak_after_dbtp", (v) => `${plain(v, 1)} dBTP`],
  ["jobs.floor", "noise_floor_before_dbfs", "noise_floor_after_dbfs", (v) => `${plain(v, 0)} dBFS`],
];

function Figures({ receipt }: { receipt: Receipt }) {
  const told = receipt.receipt;
  const video = `jobs.video.${String(told["video"])}`;
  const figure = (key: string, show: (value: number) => string): string => number(told, key, show);
  return (
    <table>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("jobs.before")}</th>
          <th scope="col">{t("jobs.after")}</th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(([name, before, after, show]) => (
          <tr key={name}>
            <th scope="row">{t(name)}</th>
            <td>{figure(before, show)}</td>
            <td>{figure(after, show)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t("jobs.video")}</th>
          <td />
          <td>{isKey(video) ? t(video) : ""}</td>
        </tr>
        <tr>
          <th scope="row">{t("jobs.size")}</th>
          <td />
          <td>{figure("size_bytes", megabytes)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function number(told: Args, key: string, show: (value: number) => string): string {
  const value = told[key];
  return typeof value === "number" ? show(value) : "–";
}
