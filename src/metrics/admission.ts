import type { VisibleInstance } from '../fleet/visible.ts';

/** Which users of an instance get series. */
export type Admits = (userName: string) => boolean;

const everybody: Admits = () => true;
const nobody: Admits = () => false;

/**
 * Decides which users get series, so that there are at most `most`: instances in the order of their
 * identity, users in the API's order, each counted with all the series a user may have. So the
 * choice stays the same while users come online and go, and a new user pushes out nobody.
 */
export function admitUsers(
  instances: readonly VisibleInstance[],
  seriesPerUser: number,
  most: number,
): ReadonlyMap<VisibleInstance, Admits> {
  let left = Math.floor(most / Math.max(1, seriesPerUser));
  const admits = new Map<VisibleInstance, Admits>();
  for (const instance of [...instances].sort(byIdentity)) {
    const users = instance.users?.users ?? [];
    // Between two passes a user may be known online and not be listed any more.
    const population = Math.max(users.length, instance.online?.clients.size ?? 0);
    if (population <= left) {
      admits.set(instance, everybody);
    } else if (left === 0) {
      admits.set(instance, nobody);
    } else {
      const admitted = new Set(users.slice(0, left).map((user) => user.name));
      admits.set(instance, (userName) => admitted.has(userName));
    }
    left = Math.max(0, left - population);
  }
  return admits;
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
