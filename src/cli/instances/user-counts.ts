import type { AccountConfig } from '../../config/config.ts';
import { UserCountEvidence } from '../../fleet/user-count.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { FleetInstance, FleetInstances } from '../one-shot/fleet-instances.ts';
import { lookAtUsers } from '../one-shot/users-look.ts';

export interface CountedInstance {
  readonly instance: FleetInstance;
  /** Absent when they could not be counted. */
  readonly users?: number;
  /** As `sag_app_users_limit`. */
  readonly usersLimit?: number;
  /** Why the users could not be counted. */
  readonly error?: ApiError;
}

/**
 * Counts the users of each instance, mostly with one call. Users of an account whose credentials were refused are
 * not counted, because each call would be refused.
 *
 * @throws the signal's reason
 */
export async function countUsers(
  { instances, failures }: FleetInstances,
  options: { readonly pageSize: number; readonly signal: AbortSignal },
): Promise<readonly CountedInstance[]> {
  const refused = new Set(
    failures.flatMap(({ account, error }) => (error.policy.trouble === 'account' ? [account] : [])),
  );
  const lists = new Map(instances.map(({ account, client }) => [account, new Lists(client)]));
  const counts = await Promise.all(
    instances.map(async (instance): Promise<CountedInstance> => {
      const { account, client, regionId, instanceId } = instance;
      const list = lists.get(account);
      if (!list || refused.has(account)) return { instance };
      try {
        const context = { ...options, client, lists: list };
        const { users } = await lookAtUsers({ regionId, instanceId }, context);
        return { instance, users };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { instance, error };
      }
    }),
  );
  return withLimits(counts);
}

/** UserCount is the limit, unless the instances of the account show that it is the number of users. */
function withLimits(counts: readonly CountedInstance[]): readonly CountedInstance[] {
  const proofs = new Map(counts.map(({ instance }) => [instance.account, { isUsers: false }]));
  const compared = counts.map((counted) => {
    const { account, details } = counted.instance;
    const evidence = new UserCountEvidence(proofs.get(account) ?? { isUsers: false });
    evidence.compare(details?.usersLimit, counted.users);
    return { counted, evidence };
  });
  return compared.map(({ counted, evidence }) => {
    const { usersLimit: configured, details } = counted.instance;
    const usersLimit = configured ?? (evidence.isUsers ? undefined : details?.usersLimit);
    return { ...counted, ...(usersLimit !== undefined && { usersLimit }) };
  });
}

/** A sentence for each reason why users of an account could not be counted. */
export function describeUncounted(
  counts: readonly CountedInstance[],
): readonly { readonly text: string; readonly isTolerable: boolean }[] {
  const groups = new Map<string, { account: AccountConfig; error: ApiError; ids: string[] }>();
  for (const { instance, error } of counts) {
    if (!error) continue;
    const { account, instanceId } = instance;
    const key = JSON.stringify([account.name, explain(error)]);
    const group = groups.get(key) ?? { account, error, ids: [] };
    group.ids.push(instanceId);
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ account, error, ids }) => ({
    text: `account ${account.name}: the users of ${listed(ids)} could not be counted: ${explain(error)}`,
    // An instance that has expired stays listed for weeks, and the exporter waits for its renewal.
    isTolerable: error.policy.suspendsInstance === true,
  }));
}

/** Maximum number of ids in a sentence. */
const MOST_IDS = 3;

function listed(ids: readonly string[]): string {
  const more = ids.length - MOST_IDS;
  if (more <= 0) return ids.join(', ');
  return `${ids.slice(0, MOST_IDS).join(', ')} and ${more} more`;
}
