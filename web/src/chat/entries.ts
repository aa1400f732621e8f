// What the conversation is made of. Each entry holds what may still change of it.

import { signal, type Signal } from "@preact/signals";
import { Trial } from "./trial";
import type { Args, InWords, Plan, PlannedOperation, TurnEvent } from "../api/types";

export type Entry = Said | Card | Work;

let count = 0;
const next = (): string => `entry-${(count += 1)}`;

/** What the person said. */
export class Said {
  readonly kind = "said";
  readonly key = next();
  constructor(readonly text: string) {}
}

export type Outcome = "open" | "applied" | "dismissed" | "stale";

/** A plan, until the person says what becomes of it. */
export class Card {
  readonly kind = "card";
  readonly key = next();
  readonly outcome: Signal<Outcome> = signal("open");
  readonly chosen: Signal<boolean[]>;
  readonly trial = new Trial();
  private readonly planned: Signal<Plan>;
  /** `place`: of the state in the history that it is for; null for the present one. */
  constructor(
    readonly text: string,
    plan: Plan,
    readonly place: number | null = null,
  ) {
    this.planned = signal(plan);
    this.chosen = signal(plan.operations.map(() => true));
  }

  get plan(): Plan {
    return this.planned.value;
  }

  /** What is ticked. */
  get operations(): PlannedOperation[] {
    return this.plan.operations.filter((_, place) => this.chosen.value[place]);
  }

  /** What one line measured when it was tried; null before. */
  measured(place: number): Args | null {
    const told = this.trial.told.value;
    if (told === null || this.chosen.value[place] !== true) return null;
    const before = this.chosen.value.slice(0, place).filter((chosen) => chosen).length;
    return told.steps[before] ?? null;
  }

  /** Say what becomes of it: then nothing of it is heard any more. */
  decide(outcome: Outcome): void {
    this.trial.forget();
    this.outcome.value = outcome;
  }

  /** The same operations with other arguments, as the service says them. */
  change(operations: PlannedOperation[]): void {
    this.planned.value = { ...this.plan, operations };
  }
}

export interface Step {
  op: string;
  args: Args;
  described: InWords | null;
  measured: Args | null;
}

/** A turn: what it does, how far it is, and what it says in the end. */
export class Work {
  readonly kind = "work";
  readonly key = next();
  readonly turn: Signal<string | null> = signal(null);
  readonly steps: Signal<Step[]> = signal([]);
  readonly stage: Signal<{ stage: string; fraction: number } | null> = signal(null);
  readonly answer: Signal<string> = signal("");
  readonly error: Signal<string | null> = signal(null);
  readonly choices: Signal<string[]> = signal([]);
  readonly register: Signal<string | null> = signal(null);
  readonly over: Signal<boolean> = signal(false);

  /** `text` is how the history names the turn; `planned` what the person agreed to, in words. */
  constructor(
    readonly text: string,
    private planned: PlannedOperation[] = [],
  ) {}

  /** What was agreed to, in words, where that is known only later. */
  agreed(planned: PlannedOperation[]): void {
    this.planned = planned;
  }

  /** Take in what the stream says. */
  hear(event: TurnEvent): void {
    this.turn.value = event.invocationId;
    for (const part of event.content?.parts ?? []) {
      if (part.functionCall !== undefined) this.begin(part.functionCall.name, part.functionCall.args);
      else if (part.functionResponse !== undefined) {
        this.finish(Number(part.functionResponse.id.split("-").at(-1)), part.functionResponse.response);
      } else if (part.text !== undefined) this.answer.value = part.text;
    }
    const more = event.customMetadata;
    if (more?.progress !== undefined) this.stage.value = more.progress;
    if (more?.choices !== undefined) this.choices.value = more.choices;
    if (more?.register_url !== undefined) this.register.value = more.register_url;
    if (event.errorMessage !== undefined) this.error.value = event.errorMessage;
    if (event.turnComplete === true) this.end();
  }

  end(): void {
    this.over.value = true;
    this.stage.value = null;
  }

  private begin(op: string, args: Args): void {
    const same = this.planned.filter((each) => each.op !== "undo" && each.op !== "redo");
    const described = same[this.steps.value.length]?.described ?? null;
    this.steps.value = [...this.steps.value, { op, args, described, measured: null }];
  }

  private finish(place: number, measured: Args): void {
    this.steps.value = this.steps.value.map((step, at) => (at === place ? { ...step, measured } : step));
  }
}
