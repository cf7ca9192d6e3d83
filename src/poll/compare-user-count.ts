import type { InstanceRecord } from '../fleet/fleet.ts';
import { USER_COUNT_DOUBT } from '../fleet/user-count.ts';

/**
 * Compares UserCount with the number of listed users. Must be called each time UserCount or the list was
 * read.
 *
 * @param onDoubt called when UserCount proves not to be a limit and no limit is configured
 */
export function compareUserCount(
  { userCount, details, snapshot, configuredLimit }: InstanceRecord,
  onDoubt: (doubt: string) => void,
): void {
  const isNews = userCount.compare(details?.usersLimit, snapshot.users?.users.length);
  if (isNews && configuredLimit === undefined) onDoubt(USER_COUNT_DOUBT);
}
