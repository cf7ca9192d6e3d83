import { type Match, matches, type Subject } from '../gateway/subject.ts';
import type { Random } from '../world/random.ts';
import { delayOf, type FaultEffect, isDisruptive } from './effects.ts';

export interface FaultRule {
  /** The name with which `remove` removes the rule. @default none */
  readonly name?: string;
  /** @default every call */
  readonly match?: Match;
  /** The probability that a matching call is hit. @default 1 */
  readonly probability?: number;
  /** The number of calls to hit before the rule is used up. @default all */
  readonly count?: number;
  readonly effect: FaultEffect;
}

export interface FaultVerdict {
  readonly delayMs: number;
  readonly disruption: FaultEffect | undefined;
}

interface ActiveRule {
  readonly rule: FaultRule;
  left: number;
}

/**
 * The faults in force, which may change while the simulator runs. They hit calls that are authenticated and
 * not throttled. Rules apply in the order in which they were added. All delays add up; of the other effects,
 * only the first one applies.
 */
export class Faults {
  readonly #random: Random;
  #active: readonly ActiveRule[] = [];

  constructor(rules: readonly FaultRule[], random: Random) {
    this.#random = random;
    for (const rule of rules) this.add(rule);
  }

  /**
   * Puts a rule in force.
   *
   * @returns a function that removes the rule
   */
  add(rule: FaultRule): () => void {
    const active = { rule, left: rule.count ?? Number.POSITIVE_INFINITY };
    this.#active = [...this.#active, active];
    return () => this.#remove(active);
  }

  remove(name: string): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter(({ rule }) => rule.name !== name);
    return this.#active.length < before;
  }

  /** The rules in force, in the order they were added. */
  get rules(): readonly FaultRule[] {
    return this.#active.map(({ rule }) => rule);
  }

  clear(): void {
    this.#active = [];
  }

  /** Decides what happens to one call, and counts it for the rules that hit it. */
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
