// One file of a batch: its own session, plan, turn and result.

import { computed, signal, type Signal } from "@preact/signals";
import { passing, Refused } from "../api/asking";
import * as jobs from "../api/jobs";
import * as sessions from "../api/sessions";
import type { Args, Job, Operation, Plan, TurnSoFar } from "../api/types";
import { brought } from "../api/uploads";
import { Work } from "../chat/entries";
import { isOpen } from "../exporting/renders";
import { stem } from "../project/bringing";
import { away, gone, patiently, pauseMs } from "../shell/away";
import { language, t } from "../words";

export type Stage = "coming" | "ready" | "working" | "making" | "done" | "stopped" | "failed";

/** A plan as it was agreed to: asked for again at the same version it is the same turn. */
interface Sent {
  operations: Operation[];
  version: number;
}

/** What has to be remembered of it to go on after a reload; the service knows the rest. */
export interface Kept {
  name: string;
  sound: boolean;
  session: string | null;
  sent: Sent | null; // what was agreed to
  turn: string | null; // once the service has said that it has it
  stopped: boolean;
}

let count = 0;

export class Row {
  readonly key = `row-${(count += 1)}`;
  readonly fraction = signal(0); // of the upload
  readonly plan: Signal<Plan | null> = signal(null);
  readonly work: Signal<Work | null> = signal(null);
  readonly measured: Signal<Args[]> = signal([]); // by each operation
  readonly job: Signal<Job | null> = signal(null);
  readonly error: Signal<string | null> = signal(null);
  /** Why there is no plan; other words may have one. */
  readonly unplanned: Signal<string | null> = signal(null);
  private readonly state: Signal<Kept>;
  private readonly giving = new AbortController();
  private notBeforeMs = 0; // by performance.now()

  constructor(kept: Kept) {
    this.state = signal(kept);
  }

  get kept(): Kept {
    return this.state.value;
  }

  readonly stage = computed<Stage>(() => {
    const { session, sent, stopped } = this.state.value;
    if (this.error.value !== null) return "failed";
    const made = this.job.value?.status;
    if (made === "completed") return "done";
    if (stopped || made === "cancelled") return "stopped";
    if (made === "failed") return "failed";
    if (this.job.value !== null) return "making";
    if (sent !== null) return "working";
    return session === null ? "coming" : "ready";
  });

  /** Whether plans are still made for it. */
  get waits(): boolean {
    return this.stage.value === "ready";
  }

  get underWay(): boolean {
    return this.stage.value === "working" || this.stage.value === "making";
  }

  /** Bring its file into a session of its own. */
  async bring(file: File): Promise<void> {
    await this.trying(async () => {
      const session = await patiently(() => sessions.made(stem(file.name), language.value));
      const told = (bytes: number, of: number): number => (this.fraction.value = bytes / (of || 1));
      await brought(session, file, told, this.giving.signal);
      this.change({ session });
    });
  }

  /** What `text` would do to it. */
  async ask(text: string): Promise<void> {
    const { session } = this.state.value;
    if (session === null || !this.waits) return;
    this.unplanned.value = null;
    try {
      this.plan.value = await patiently(() => sessions.plan(session, text));
    } catch (error) {
      this.plan.value = null;
      this.unplanned.value = reason(error);
    }
  }

  /** Its plan is to be carried out; `look` asks for it until the service says that it does. */
  agree(): void {
    const plan = this.plan.value;
    if (plan === null || !this.waits) return;
    const operations = plan.operations.map(({ op, args }) => ({ op, args }));
    this.change({ sent: { operations, version: plan.version } });
  }

  /** What another tab knows of it. */
  join({ sent, turn, stopped }: Kept): void {
    if (this.state.value.turn === null && sent !== null) this.change({ sent, turn });
    if (stopped && !this.state.value.stopped) this.change({ stopped });
  }

  /** How far it is; when its turn is done the file is asked for, under a name that makes it one file. */
  async look(): Promise<void> {
    const { session, sent, turn, sound } = this.state.value;
    if (session === null || sent === null || !this.underWay || performance.now() < this.notBeforeMs) return;
    await this.trying(async () => {
      if (turn === null) return this.begin(session, sent);
      const before = this.job.value;
      if (before !== null) return this.see(before.id);
      const so = await sessions.turnSoFar(turn);
      this.hear(so);
      if (so.status === "cancelled") this.change({ stopped: true });
      if (so.status !== "done" || this.error.value !== null) return;
      const id = await jobs.submitted(session, sound ? "m4a" : "mp4", "high", `render_${turn}`);
      await this.see(id);
    });
  }

  async stop(): Promise<void> {
    const { turn } = this.state.value;
    const job = this.job.value;
    this.giving.abort();
    if (job !== null && isOpen(job)) this.job.value = await jobs.cancelled(job.id);
    else if (turn !== null && this.underWay) await sessions.cancelTurn(turn);
    if (this.stage.value !== "done") this.change({ stopped: true });
  }

  /** Its file never came, and the browser does not have it any more. */
  lost(): void {
    this.error.value = t("batch.lost");
  }

  private async begin(session: string, { operations, version }: Sent): Promise<void> {
    try {
      const { id } = await sessions.edit(session, operations, version);
      this.change({ turn: id });
      if (this.state.value.stopped) await sessions.cancelTurn(id);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      this.change({ sent: null }); // it is another project by now: it wants another plan
      this.plan.value = null;
      this.unplanned.value = error.message;
    }
  }

  /** How far the file is; once it is there, what was measured on it. */
  private async see(id: string): Promise<void> {
    const now = await jobs.one(id);
    if (now.error !== null) this.error.value = now.error.message;
    if (now.status === "completed") this.measured.value = operations((await jobs.receipt(id)).receipt);
    this.job.value = now;
  }

  private hear(so: TurnSoFar): void {
    const work = new Work("");
    for (const { event } of so.events) if (event.author !== "user") work.hear(event);
    this.work.value = work;
    this.measured.value = work.steps.value.flatMap((step): Args[] => (step.measured === null ? [] : [step.measured]));
    if (so.status === "failed") this.error.value = work.error.value ?? work.answer.value;
  }

  private change(changed: Partial<Kept>): void {
    this.state.value = { ...this.state.value, ...changed };
  }

  /** What goes wrong is the row's; a service that is away, or asked for too much, is asked later. */
  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      away.value = false;
    } catch (error) {
      away.value = gone(error);
      if (this.state.value.stopped) return;
      if (passing(error) && this.underWay) {
        this.notBeforeMs = performance.now() + pauseMs(error);
      } else this.error.value = reason(error);
    }
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What each operation measured, of a receipt. */
function operations(receipt: Args): Args[] {
  const told = receipt["operations"];
  return Array.isArray(told) ? told.filter((each): each is Args => each instanceof Object && !Array.isArray(each)) : [];
}
