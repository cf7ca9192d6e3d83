import type { VisibleInstance } from '../fleet/visible.ts';

/** Which users of an instance get series. */
export type Admits = (userName: string) => boolean;

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
  /** What was decided last, by identity of the instance. */
  #last: ReadonlyMap<string, Decision> = new Map();

  constructor(most: number) {
    this.most = most;
  }

  admit(
    instances: readonly VisibleInstance[],
    seriesPerUser: number,
  ): ReadonlyMap<VisibleInstance, Admits> {
    const room = Math.floor(this.most / Math.max(1, seriesPerUser));
    const everybodyFits = instances.reduce((sum, one) => sum + populationOf(one), 0) <= room;
    const decisions = everybodyFits
      ? instances.map((instance) => ({ instance, admits: everybody }))
      : this.#choose([...instances].sort(byIdentity), room);
    this.#last = new Map(decisions.map((decision) => [keyOf(decision.instance), decision]));
    return new Map(decisions.map(({ instance, admits }) => [instance, admits]));
  }

  #choose(instances: readonly VisibleInstance[], room: number): readonly Decision[] {
    const chosen = instances.map((instance) => ({ instance, names: this.#kept(instance) }));
    let left = chosen.reduce((sum, { names }) => sum - names.size, room);
    for (const { instance, names } of chosen) {
      for (const name of namesOf(instance)) {
        if (left <= 0) break;
        if (names.has(name)) continue;
        names.add(name);
        left--;
      }
    }
    return chosen.map(({ instance, names }) => ({ instance, admits: (name) => names.has(name) }));
  }

  /** Who of the instance's users had series at the last decision. */
  #kept(instance: VisibleInstance): Set<string> {
    const last = this.#last.get(keyOf(instance));
    if (last === undefined) return new Set();
    const had = new Set(namesOf(last.instance).filter(last.admits));
    return new Set(namesOf(instance).filter((name) => had.has(name)));
  }
}

interface Decision {
  readonly instance: VisibleInstance;
  readonly admits: Admits;
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

function keyOf({ id }: VisibleInstance): string {
  return JSON.stringify([id.account, id.regionId, id.instanceId]);
}

function byIdentity({ id: a }: VisibleInstance, { id: b }: VisibleInstance): number {
  return (
    compare(a.account, b.account) ||
    compare(a.regionId, b.regionId) ||
    compare(a.instanceId, b.instanceId)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
