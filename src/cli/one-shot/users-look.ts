import type { InstanceId } from '../../model/instance.ts';
import type { User } from '../../model/user.ts';
import type { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';

export type InstanceRef = Omit<InstanceId, 'account'>;

interface UsersLook {
  readonly users: number;
  readonly pageSize: number;
  /** Whether the first page gave the number of users. */
  readonly lengthTold: boolean;
  /** Names on the first page. */
  readonly userNames: readonly string[];
}

/**
 * Counts the users of an instance. The first page is enough, unless it has no total and may be a full page;
 * then all pages are read.
 *
 * @throws ApiError; the signal's reason
 */
export async function lookAtUsers(
  ref: InstanceRef,
  options: {
    readonly client: Client;
    readonly lists: Lists;
    readonly pageSize: number;
    readonly signal: AbortSignal;
  },
): Promise<UsersLook> {
  const { client, lists, pageSize, signal } = options;
  const request = { ...ref, pageNumber: 1, pageSize };
  const page = await client.call(describeSmartAccessGatewayClientUsers, request, signal);
  const entries = page.items.length;
  const userNames = namesOn(page);
  const total = page.totalCount ?? entries;
  if (total > entries && entries > 0) {
    return { users: total, pageSize: entries, lengthTold: true, userNames };
  }
  if (entries < pageSize) return { users: entries, pageSize, lengthTold: false, userNames };
  // The API page calls TotalCount "the number of entries returned", which may be those of this page only.
  const { items } = await lists.users({ ...ref, pageSize }, signal);
  return { users: items.length, pageSize, lengthTold: false, userNames };
}

export function namesOn(page: { readonly items: readonly (User | null)[] }): readonly string[] {
  return page.items.flatMap((user) => user?.name ?? []);
}
