import { type Match, matches, type Subject } from '../gateway/subject.ts';

/** Which calls are denied; what is left out denies every one. */
export type Denial = Omit<Match, 'userName'>;

const BOUNDS = ['operation', 'instanceId', 'accessKeyId', 'roleArn'] as const;

/** What the keys may do: everything but what is denied here, changeable while the simulator runs. */
export class Permissions {
  #denials: readonly Denial[] = [];

  /** Refuses matching calls from now on. */
  deny(denial: Denial): void {
    this.#denials = [...this.#denials, denial];
  }

  /** Takes back every denial within the given bounds; without bounds, all. */
  allow(within: Denial = {}): void {
    this.#denials = this.#denials.filter(
      (denial) =>
        !BOUNDS.every((field) => within[field] === undefined || within[field] === denial[field]),
    );
  }

  /** What is denied. */
  get denials(): readonly Denial[] {
    return this.#denials;
  }

  isDenied(subject: Subject): boolean {
    return this.denialOf(subject) !== undefined;
  }

  /** The first denial that hits the call; undefined: it is permitted. */
  denialOf(subject: Subject): Denial | undefined {
    return this.#denials.find((denial) => matches(denial, subject));
  }
}
