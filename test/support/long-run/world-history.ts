import type { Clock } from '../../../src/clock.ts';
import type { Session, User, World } from '../../../src/simulator/index.ts';

/** A state of a user and its time span, in seconds since the epoch. */
export interface UserState {
  readonly from: number;
  /** Infinity for the current state. */
  readonly to: number;
  /** False after the user was deleted. */
  readonly listed: boolean;
  readonly enabled: boolean;
  readonly sessions: readonly Session[];
}

type MutableState = { -readonly [Field in keyof UserState]: UserState[Field] };

/** The history of a user. */
export interface UserHistory {
  readonly user: User;
  readonly states: readonly UserState[];
}

/** A change of the length of the list of users. */
interface ListChange {
  readonly at: number;
  readonly kind: 'added' | 'removed';
}

/** The history of an instance. */
export interface InstanceHistory {
  readonly regionId: string;
  readonly bornAt: number;
  /** Infinity while the instance exists. */
  readonly goneAt: number;
  readonly users: ReadonlyMap<string, UserHistory>;
  readonly listChanges: readonly ListChange[];
  /** The numbers of sessions that began and ended in the world since `bornAt`. */
  readonly began: number;
  readonly ended: number;
}

class InstanceNotes implements InstanceHistory {
  readonly regionId: string;
  readonly bornAt: number;
  goneAt = Number.POSITIVE_INFINITY;
  readonly users = new Map<string, { readonly user: User; readonly states: MutableState[] }>();
  listChanges: ListChange[] = [];
  began = 0;
  ended = 0;

  constructor(regionId: string, bornAt: number) {
    this.regionId = regionId;
    this.bornAt = bornAt;
  }

  note(users: readonly User[], at: number): void {
    const isFirst = this.users.size === 0 && this.bornAt === at;
    const present = new Set<string>();
    for (const user of users) {
      present.add(user.name);
      const known = this.users.get(user.name);
      if (known) this.#noteState(known.states, user, at);
      else this.#noteNew(user, at, isFirst);
    }
    for (const [name, { states }] of this.users) {
      const last = states.at(-1);
      if (!last?.listed || present.has(name)) continue;
      this.listChanges.push({ at, kind: 'removed' });
      this.ended += last.sessions.length;
      last.to = at;
      states.push({ ...last, from: at, to: Infinity, listed: false, sessions: [] });
    }
  }

  #noteNew(user: User, at: number, isFirst: boolean): void {
    const { state, sessions } = user;
    const first = { from: at, to: Infinity, listed: true, enabled: state === 0, sessions };
    this.users.set(user.name, { user, states: [first] });
    if (isFirst) return;
    this.listChanges.push({ at, kind: 'added' });
    this.began += sessions.length;
  }

  #noteState(states: MutableState[], { state, sessions }: User, at: number): void {
    const last = states.at(-1);
    const enabled = state === 0;
    if (!last || (last.sessions === sessions && last.enabled === enabled)) return;
    this.began += sessions.filter((session) => !last.sessions.includes(session)).length;
    this.ended += last.sessions.filter((session) => !sessions.includes(session)).length;
    last.to = at;
    states.push({ ...last, from: at, to: Infinity, enabled, sessions });
  }

  /** Drops states that ended before a time. */
  prune(before: number): void {
    this.listChanges = this.listChanges.filter(({ at }) => at >= before);
    for (const [name, { states }] of this.users) {
      const left = states.findIndex(({ to }) => to >= before);
      if (left > 0) states.splice(0, left);
      if (states.length === 1 && !states[0]?.listed && (states[0]?.from ?? 0) < before) {
        this.users.delete(name);
      }
    }
  }
}

/**
 * A clock for a world that moves in whole seconds, so that its states at each second are all that can be
 * observed. Stopping the clock stops the world.
 */
export class WholeSeconds implements Clock {
  readonly #clock: Clock;
  #stoppedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#stoppedAt ?? Math.floor(this.#clock.now() / 1000) * 1000;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#clock.after(ms, callback);
  }

  stop(): void {
    this.#stoppedAt = this.now();
  }
}

/** The state of the world at each second. */
export class WorldHistory {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #instances = new Map<string, InstanceNotes>();

  constructor(world: World, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
    this.note();
  }

  get instances(): ReadonlyMap<string, InstanceHistory> {
    return this.#instances;
  }

  /** Records the state. Call it each second, and before and after each change. */
  note(): void {
    const at = this.#clock.now() / 1000;
    for (const { id, regionId } of this.#world.instances()) {
      const known = this.#instances.get(id) ?? new InstanceNotes(regionId, at);
      this.#instances.set(id, known);
      known.note(this.#world.users(id), at);
    }
    for (const [id, notes] of this.#instances) {
      if (notes.goneAt !== Infinity || this.#world.instance(id)) continue;
      notes.note([], at);
      notes.goneAt = at;
    }
  }

  /** Drops states that ended more than this many seconds ago. */
  prune(seconds: number): void {
    const before = this.#clock.now() / 1000 - seconds;
    for (const notes of this.#instances.values()) notes.prune(before);
  }
}

/** The states of a user between `from` and `to`. */
export function statesBetween(
  history: UserHistory | undefined,
  from: number,
  to: number,
): readonly UserState[] {
  return (history?.states ?? []).filter((state) => state.from <= to && state.to >= from);
}

/** When the user was removed from the list; Infinity before that. */
export function goneAt(history: UserHistory | undefined): number {
  const last = history?.states.at(-1);
  return last && !last.listed ? last.from : Infinity;
}
