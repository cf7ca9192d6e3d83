import type { InstanceRecord } from '../fleet/fleet.ts';
import type { VisibleInstance } from '../fleet/visible.ts';

/** Which users of an instance get series; the same function as long as the choice is the same. */
export type Admits = (userName: string) => boolean;

/** Instances with what may be shown of each. */
export type VisibleInstances = ReadonlyMap<InstanceRecord, VisibleInstance>;

const everybody: Admits = () => true;

/**
 * Decides which users get series when there is no room for all. Who had series keeps them while
 * listed; what is left goes to instances in the order of their identity and users in the API's
 * order. Each user counts with all the series one may have. So the choice stays the same while users
 * come online and go, and a new user pushes out nobody.
 */
export class UserAdmission {
  /** Per-user and per-session series exposed at most. */
  readonly most: number;
  #last: ReadonlyMap<InstanceRecord, Decision> = new Map();

  constructor(most: number) {
    this.most = most;
  }

  /** Who is admitted now, by instance. Yields where it may be interrupted. */
  *admit(
    instances: VisibleInstances,
    seriesPerUser: number,
  ): Generator<undefined, ReadonlyMap<InstanceRecord, Admits>> {
    const room = Math.floor(this.most / Math.max(1, seriesPerUser));
    let population = 0;
    for (const visible of instances.values()) population += populationOf(visible);
    const decisions =
      population <= room ? everybodyOf(instances) : yield* this.#choose(instances, room);
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

  /** Who of the instance's users had series at the last decision. */
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
  /** Absent when everybody is admitted. */
  readonly names?: ReadonlySet<string>;
}

function everybodyOf(instances: VisibleInstances): ReadonlyMap<InstanceRecord, Decision> {
  return new Map(
    Array.from(instances, ([record, visible]) => [record, { visible, admits: everybody }]),
  );
}

/** Between two passes a user may be known online and not be listed any more. */
function populationOf({ users, online, sessions }: VisibleInstance): number {
  return Math.max(
    users?.users.length ?? 0,
    online?.clients.size ?? 0,
    sessions?.sessions.size ?? 0,
  );
}

/** The instance's users; when their list has gone stale, those whom other stages know. */
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
