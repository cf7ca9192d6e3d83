import type { Quirks } from './quirks/table.ts';
import type { Random } from './random.ts';
import { type Match, matches, type Subject } from './subject.ts';

/** What a fault does to a call, beside or instead of answering it. */
export type FaultEffect =
  /** An error of the API; status and text default to the table's. */
  | {
      readonly error: {
        readonly code: string;
        readonly httpStatus?: number;
        readonly message?: string;
      };
    }
  /** The connection is closed before any byte of an answer. */
  | { readonly reset: true }
  /** No answer until the client goes away or the simulator closes. */
  | { readonly hang: true }
  /** Answers this many milliseconds later; adds up with other delays, and with one other effect. */
  | { readonly delayMs: number }
  /** The same with a time drawn for each call. */
  | { readonly latency: Latency }
  /** The right status and framing, but the JSON ends in the middle. */
  | { readonly truncate: true }
  /** The connection is closed in the middle of the body. */
  | { readonly cut: true }
  /** A proxy's error page with this status. */
  | { readonly html: number }
  /** This status and no body. */
  | { readonly empty: number }
  /** HTTP 500 with a JSON body that has a RequestId and no Code. */
  | { readonly status500WithoutCode: true }
  /** The right answer, by other readings of the documents than those in force. */
  | { readonly quirks: Partial<Quirks> }
  /** Any body. */
  | { readonly body: string; readonly httpStatus: number; readonly contentType?: string };

/** How times are distributed, in milliseconds. */
export type Latency =
  /** Each as likely as the next. */
  | { readonly fromMs: number; readonly toMs: number }
  /** Log-normal, as times of servers mostly are: half of them above the median, one in a hundred above `p99Ms`. */
  | { readonly medianMs: number; readonly p99Ms: number };

type Delay = { readonly delayMs: number } | { readonly latency: Latency };

/** An effect that takes the place of the answer. */
export type Disruption = Exclude<FaultEffect, Delay>;

/** Something that goes wrong with some calls. */
export interface FaultRule {
  /** By which it is taken back. @default none */
  readonly name?: string;
  /** @default every call */
  readonly match?: Match;
  /** How likely a matching call is hit. @default 1 */
  readonly probability?: number;
  /** How many calls are hit before the rule is used up. @default all */
  readonly count?: number;
  readonly effect: FaultEffect;
}

/** What the rules say about one call. */
export interface FaultVerdict {
  readonly delayMs: number;
  readonly disruption: Disruption | undefined;
}

interface ActiveRule {
  readonly rule: FaultRule;
  left: number;
}

/**
 * The faults in force, changeable while the simulator runs. They hit calls that are authenticated
 * and not throttled. Rules are tried in the order they were added: delays add up, the first other
 * effect is the one.
 */
export class Faults {
  readonly #random: Random;
  #active: readonly ActiveRule[] = [];

  constructor(rules: readonly FaultRule[], random: Random) {
    this.#random = random;
    for (const rule of rules) this.add(rule);
  }

  /** Puts a rule in force; what it returns takes the rule back. */
  add(rule: FaultRule): () => void {
    const active = { rule, left: rule.count ?? Number.POSITIVE_INFINITY };
    this.#active = [...this.#active, active];
    return () => this.#remove(active);
  }

  /** Takes back the rules of that name; false where there is none. */
  remove(name: string): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter(({ rule }) => rule.name !== name);
    return this.#active.length < before;
  }

  /** The rules in force, in the order they were added. */
  get rules(): readonly FaultRule[] {
    return this.#active.map(({ rule }) => rule);
  }

  /** Takes all rules back. */
  clear(): void {
    this.#active = [];
  }

  /** Judges one call; rules with a count are used up by it. */
  judge(subject: Subject): FaultVerdict {
    let delayMs = 0;
    let disruption: Disruption | undefined;
    for (const active of this.#active) {
      const { match = {}, probability = 1, effect } = active.rule;
      if (!isDelay(effect) && disruption !== undefined) continue;
      if (!matches(match, subject)) continue;
      if (probability < 1 && !this.#random.chance(probability)) continue;
      if (active.left <= 0) continue;
      active.left--;
      if (active.left <= 0) this.#remove(active);
      if (isDelay(effect)) delayMs += this.#timeOf(effect);
      else disruption = effect;
    }
    return { delayMs, disruption };
  }

  #timeOf(delay: Delay): number {
    if ('delayMs' in delay) return delay.delayMs;
    const { latency } = delay;
    if ('fromMs' in latency) {
      const { fromMs, toMs } = latency;
      return fromMs + this.#random.next() * (toMs - fromMs);
    }
    const { medianMs, p99Ms } = latency;
    const sigma = Math.log(p99Ms / medianMs) / Z_99;
    return medianMs * Math.exp(sigma * this.#normal());
  }

  /** From the standard normal distribution, by Box and Muller's method. */
  #normal(): number {
    const radius = Math.sqrt(2 * this.#random.exponential(1));
    return radius * Math.cos(2 * Math.PI * this.#random.next());
  }

  #remove(active: ActiveRule): void {
    this.#active = this.#active.filter((other) => other !== active);
  }
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.326348;

function isDelay(effect: FaultEffect): effect is Delay {
  return 'delayMs' in effect || 'latency' in effect;
}
