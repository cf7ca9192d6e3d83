import { fallbackReason } from '../../poll/fallbacks.ts';
import type { InstanceLook } from '../../poll/forecast/fleet-look.ts';
import { chunksOf } from '../../poll/strategies/chunks.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';
import {
  describeUserOnlineClientStatistics,
  USERS_PER_CALL,
} from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { type InstanceRef, namesOn } from '../one-shot/users-look.ts';

/**
 * Counts the clients of some users of an instance. This finds out whether the operation answers, how
 * many users are online, and whether the reply leaves out users who are offline.
 *
 * @param wanted number of users to count; at least as many as fit in one call are counted
 * @throws ApiError of a kind for which `auto` would not fall back to fan-out
 */
export async function countUsers(
  instance: InstanceRef,
  list: {
    readonly users: number;
    readonly pageSize: number;
    readonly userNames: readonly string[];
  },
  wanted: number,
  { client, signal }: { readonly client: Client; readonly signal: AbortSignal },
): Promise<Pick<InstanceLook, 'counts' | 'leavesOut' | 'onlineUsers'>> {
  const { users, pageSize, userNames } = list;
  const counts = new Map<string, number>();
  const names = new Set<string>();
  const count = async (added: readonly string[]): Promise<void> => {
    for (const chunk of chunksOf(added, USERS_PER_CALL)) {
      const request = { ...instance, userNames: chunk };
      const answer = await client.call(describeUserOnlineClientStatistics, request, signal);
      for (const name of chunk) names.add(name);
      for (const [name, clients] of answer) counts.set(name, clients);
    }
  };
  if (userNames.length === 0) return { counts: 'answering', leavesOut: false };
  try {
    await count(userNames.slice(0, Math.max(USERS_PER_CALL, wanted)));
    const others = userNames.length < users ? spreadPages(users, pageSize, wanted) : [];
    for (const pageNumber of others) {
      const request = { ...instance, pageNumber, pageSize };
      const page = await client.call(describeSmartAccessGatewayClientUsers, request, signal);
      await count(namesOn(page).filter((name) => !names.has(name)));
    }
  } catch (error) {
    const reason = fallbackReason(error);
    if (!reason) throw error;
    return { counts: reason, leavesOut: false };
  }
  const online = [...counts.values()].filter((clients) => clients > 0).length;
  const leftOut = names.size - counts.size;
  const isKnown = wanted > 0 || names.size === users;
  return {
    counts: 'answering',
    // A few users may be missing because they were deleted just now, so the reply leaves offline users out
    // only if most of them are missing.
    leavesOut: leftOut > counts.size - online,
    ...(isKnown && { onlineUsers: (users * online) / names.size }),
  };
}

/**
 * Chooses pages, evenly spread over the list. Together with the first page they hold the wanted number of
 * users.
 */
function spreadPages(users: number, pageSize: number, wanted: number): readonly number[] {
  const pages = Math.ceil(users / pageSize);
  const read = Math.min(pages, Math.ceil(wanted / pageSize));
  const spread = Array.from({ length: read }, (_, index) => 1 + Math.floor((index * pages) / read));
  return spread.filter((page) => page > 1);
}
