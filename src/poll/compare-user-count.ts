import type { InstanceRecord } from '../fleet/fleet.ts';
import { USER_COUNT_DOUBT } from '../fleet/user-count.ts';

/**
 * Compares UserCount with the users that are listed. To be called whenever either of them was read.
 *
 * @param onDoubt called when it turns out that UserCount is no limit, and none is configured
 */
export function compareUserCount(
  { userCount, details, snapshot, configuredLimit }: InstanceRecord,
  onDoubt: (doubt: string) => void,
): void {
  const isNews = userCount.compare(details?.usersLimit, snapshot.users?.users.length);
  if (isNews && configuredLimit === undefined) onDoubt(USER_COUNT_DOUBT);
}
