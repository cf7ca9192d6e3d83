import type { Random } from './random.ts';

/** A set from which one member can be drawn without looking at the others. */
export class PickSet<T> {
  readonly #members: T[] = [];
  readonly #places = new Map<T, number>();

  /** In no order that means anything, but one that follows from what was added and deleted. */
  values(): readonly T[] {
    return this.#members;
  }

  add(member: T): void {
    if (this.#places.has(member)) return;
    this.#places.set(member, this.#members.length);
    this.#members.push(member);
  }

  /** The last member takes the place of the deleted one. */
  delete(member: T): void {
    const place = this.#places.get(member);
    if (place === undefined) return;
    this.#places.delete(member);
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    this.#members[place] = last;
    this.#places.set(last, place);
  }

  /** Undefined when it is empty. */
  pick(random: Random): T | undefined {
    return this.#members[random.below(this.#members.length)];
  }
}
