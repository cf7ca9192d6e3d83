import { type Match, matches, type Subject } from '../gateway/subject.ts';

/** The calls to deny. A property that is left out matches every call. */
export type Denial = Omit<Match, 'userName'>;

const BOUNDS = ['operation', 'instanceId', 'accessKeyId', 'roleArn'] as const;

/** The denials in force, which may change while the simulator runs. All other calls are permitted. */
export class Permissions {
  #denials: readonly Denial[] = [];

  deny(denial: Denial): void {
    this.#denials = [...this.#denials, denial];
  }

  /** Removes every denial that has all properties of `within`; by default removes every denial. */
  allow(within: Denial = {}): void {
    this.#denials = this.#denials.filter(
      (denial) =>
        !BOUNDS.every((field) => within[field] === undefined || within[field] === denial[field]),
    );
  }

  get denials(): readonly Denial[] {
    return this.#denials;
  }

  isDenied(subject: Subject): boolean {
    return this.denialOf(subject) !== undefined;
  }

  /** The first denial that matches the call; undefined when the call is permitted. */
  denialOf(subject: Subject): Denial | undefined {
    return this.#denials.find((denial) => matches(denial, subject));
  }
}
