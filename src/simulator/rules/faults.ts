import { type Match, matches, type Subject } from '../gateway/subject.ts';
import type { Random } from '../world/random.ts';
import { delayOf, type FaultEffect, isDisruptive } from './effects.ts';

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
  readonly disruption: FaultEffect | undefined;
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
    let disruption: FaultEffect | undefined;
    for (const active of this.#active) {
      const { match = {}, probability = 1, effect } = active.rule;
      if (isDisruptive(effect) && disruption !== undefined) continue;
      if (!matches(match, subject)) continue;
      if (probability < 1 && !this.#random.chance(probability)) continue;
      if (active.left <= 0) continue;
      active.left--;
      if (active.left <= 0) this.#remove(active);
      if (isDisruptive(effect)) disruption = effect;
      else delayMs += delayOf(effect, this.#random) ?? 0;
    }
    return { delayMs, disruption };
  }

  #remove(active: ActiveRule): void {
    this.#active = this.#active.filter((other) => other !== active);
  }
}
