import { usersSnapshot } from '../../fleet/snapshots.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { compareUserCount } from '../compare-user-count.ts';
import { type Calls, callsOf, sum } from '../forecast/calls.ts';
import type { FleetLook, InstanceLook } from '../forecast/fleet-look.ts';
import type { PolledInstance, PolledStage } from './polled-stage.ts';

export const usersStage: PolledStage = {
  begin: (instance) => {
    const logDoubt = doubtLog(instance);
    return async (signal) => {
      logDoubt(await readUsers(instance, signal));
      compareUserCount(instance.record, (doubt) => instance.log.warn(doubt));
      return undefined;
    };
  },
  calls: usersCalls,
};

/**
 * Stores the list of users.
 *
 * @returns the contradiction in the list that remains after reading it again; absent when there is none
 * @throws ApiError when the list could not be read whole; then nothing is stored
 */
async function readUsers(
  { record, lists, settings, fleet }: PolledInstance,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { regionId, instanceId } = record.id;
  try {
    const listing = await lists.users(
      {
        regionId,
        instanceId,
        pageSize: settings.pageSize,
        most: () => fleet.roomFor(record),
        known: new Set(record.snapshot.users?.users.map(({ name }) => name)),
        onProgress: (read, expected) => {
          record.reading = read;
          if (expected) record.stages.users.advance(read / expected);
        },
      },
      signal,
    );
    record.snapshot = { ...record.snapshot, users: usersSnapshot(listing.items) };
    record.presence.keepOnly(new Set(listing.items.map(({ name }) => name)));
    return listing.doubt;
  } finally {
    delete record.reading;
  }
}

/** Logs when lists begin to contain contradictions and when they no longer do, instead of once for each list. */
function doubtLog({ log }: PolledInstance): (doubt: string | undefined) => void {
  const stageLog = log.child({ stage: 'users' });
  let isDoubted = false;
  return (doubt) => {
    if (doubt !== undefined && !isDoubted) {
      stageLog.warn(
        `the list of users does not add up even after it was read again; the newest read is taken: ${doubt}`,
      );
    }
    if (doubt === undefined && isDoubted) stageLog.info('the list of users adds up again');
    isDoubted = doubt !== undefined;
  };
}

function usersCalls({ instances, lengthsTold }: FleetLook): readonly Calls[] {
  if (instances.length === 0) return [];
  const longestPage = Math.max(
    ...instances.map(({ users, pageSize }) => Math.min(users, pageSize)),
  );
  const pages = sum(instances, (instance) => pagesOf(instance, lengthsTold, longestPage));
  return callsOf(describeSmartAccessGatewayClientUsers.name, pages);
}

/** The number of pages that `readList` reads until it is certain that the list has ended. */
function pagesOf(
  { users, pageSize }: InstanceLook,
  lengthsTold: boolean,
  longestPage: number,
): number {
  if (users === 0) return 1;
  if (lengthsTold) return Math.ceil(users / pageSize);
  const rest = users % pageSize;
  // A page is known to be the last only when another page is longer.
  const isEndCertain = rest > 0 && rest < longestPage;
  return Math.ceil(users / pageSize) + (isEndCertain ? 0 : 1);
}
