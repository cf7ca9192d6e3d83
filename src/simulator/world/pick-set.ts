import type { Random } from './random.ts';

/** A set from which a random member can be drawn in constant time. */
export class PickSet<T> {
  readonly #members: T[] = [];
  /** Maps each member to its index in `#members`. */
  readonly #indexes = new Map<T, number>();

  /** The order has no meaning, but the same additions and deletions give the same order. */
  values(): readonly T[] {
    return this.#members;
  }

  add(member: T): void {
    if (this.#indexes.has(member)) return;
    this.#indexes.set(member, this.#members.length);
    this.#members.push(member);
  }

  delete(member: T): void {
    const index = this.#indexes.get(member);
    if (index === undefined) return;
    this.#indexes.delete(member);
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    this.#members[index] = last;
    this.#indexes.set(last, index);
  }

  /** Returns a random member; undefined when the set is empty. */
  pick(random: Random): T | undefined {
    return this.#members[random.below(this.#members.length)];
  }
}
