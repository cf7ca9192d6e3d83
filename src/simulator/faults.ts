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
  /** Any body. */
  | { readonly body: string; readonly httpStatus: number; readonly contentType?: string };

/** An effect that takes the place of the answer. */
export type Disruption = Exclude<FaultEffect, { readonly delayMs: number }>;

/** Something that goes wrong with some calls. */
export interface FaultRule {
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
      const isDelay = 'delayMs' in effect;
      if (!isDelay && disruption !== undefined) continue;
      if (!matches(match, subject)) continue;
      if (probability < 1 && !this.#random.chance(probability)) continue;
      if (active.left <= 0) continue;
      active.left--;
      if (active.left <= 0) this.#remove(active);
      if (isDelay) delayMs += effect.delayMs;
      else disruption = effect;
    }
    return { delayMs, disruption };
  }

  #remove(active: ActiveRule): void {
    this.#active = this.#active.filter((other) => other !== active);
  }
}
