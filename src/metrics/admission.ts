import type { InstanceRecord } from '../fleet/fleet.ts';
import type { VisibleInstance } from '../fleet/visible.ts';

/**
 * Whether a user of an instance gets series. The function stays the same object until the choice of users
 * changes.
 */
export type Admits = (userName: string) => boolean;

export type VisibleInstances = ReadonlyMap<InstanceRecord, VisibleInstance>;

const everyUser: Admits = () => true;

/**
 * Chooses the users that get series when there is not enough room for all. A user that had series keeps them
 * while the user is listed. The remaining room goes to the other users: instances in the order of their
 * identity, and the users of each instance in the order of the API. Every user is counted with as many series
 * as a user can have. So users that go online or offline do not change the choice, and a new user never takes
 * the series of another user.
 */
export class UserAdmission {
  /** Maximum number of per-user and per-session series to expose. */
  readonly most: number;
  #last: ReadonlyMap<InstanceRecord, Decision> = new Map();

  constructor(most: number) {
    this.most = most;
  }

  /** Chooses the users of each instance. Yields where it may be interrupted. */
  *admit(
    instances: VisibleInstances,
    seriesPerUser: number,
  ): Generator<undefined, ReadonlyMap<InstanceRecord, Admits>> {
    const room = Math.floor(this.most / Math.max(1, seriesPerUser));
    let users = 0;
    for (const visible of instances.values()) users += userCountOf(visible);
    const decisions = users <= room ? everyUserOf(instances) : yield* this.#choose(instances, room);
    this.#last = decisions;
    return new Map(Array.from(decisions, ([record, { admits }]) => [record, admits]));
  }

  *#choose(
    instances: VisibleInstances,
    room: number,
  ): Generator<undefined, ReadonlyMap<InstanceRecord, Decision>> {
    const chosen = new Map<InstanceRecord, Set<string>>();
    let left = room;
    for (const [record, visible] of instances) {
      const kept = this.#kept(record, visible);
      chosen.set(record, kept);
      left -= kept.size;
      yield;
    }
    const inOrder = [...instances].sort(([a], [b]) => byIdentity(a, b));
    for (const [record, visible] of inOrder) {
      const names = chosen.get(record);
      for (const name of left > 0 ? namesOf(visible) : []) {
        if (left <= 0) break;
        if (names === undefined || names.has(name)) continue;
        names.add(name);
        left--;
      }
      yield;
    }
    return new Map(
      Array.from(instances, ([record, visible]) => [
        record,
        this.#decision(record, visible, chosen.get(record) ?? new Set()),
      ]),
    );
  }

  /** The instance's users that had series after the last decision. */
  #kept(record: InstanceRecord, visible: VisibleInstance): Set<string> {
    const last = this.#last.get(record);
    if (last === undefined) return new Set();
    const had = last.names ?? new Set(namesOf(last.visible));
    return new Set(namesOf(visible).filter((name) => had.has(name)));
  }

  #decision(record: InstanceRecord, visible: VisibleInstance, names: Set<string>): Decision {
    const last = this.#last.get(record);
    if (last?.names?.size === names.size && [...names].every((name) => last.names?.has(name))) {
      return { ...last, visible };
    }
    return { visible, names, admits: (name) => names.has(name) };
  }
}

interface Decision {
  readonly visible: VisibleInstance;
  readonly admits: Admits;
  /** The admitted users; absent when all users are admitted. */
  readonly names?: ReadonlySet<string>;
}

function everyUserOf(instances: VisibleInstances): ReadonlyMap<InstanceRecord, Decision> {
  return new Map(
    Array.from(instances, ([record, visible]) => [record, { visible, admits: everyUser }]),
  );
}

/**
 * The largest number of users that any stage has read. Users that are no longer listed stay online until the
 * next pass.
 */
function userCountOf({ users, online, sessions }: VisibleInstance): number {
  return Math.max(
    users?.users.length ?? 0,
    online?.clients.size ?? 0,
    sessions?.sessions.size ?? 0,
  );
}

/** The names of the instance's users; when the list of users is stale, the names that other stages have read. */
function namesOf({ users, online, sessions }: VisibleInstance): readonly string[] {
  if (users) return users.users.map((user) => user.name);
  return [...(online?.clients.keys() ?? sessions?.sessions.keys() ?? [])];
}

function byIdentity({ id: a }: InstanceRecord, { id: b }: InstanceRecord): number {
  return (
    compare(a.account, b.account) ||
    compare(a.regionId, b.regionId) ||
    compare(a.instanceId, b.instanceId)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
