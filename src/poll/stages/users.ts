import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { usersSnapshot } from '../../fleet/snapshots.ts';
import type { Lists } from '../../smartag/lists/lists.ts';

/** What a users pass asks with. */
export interface UsersOptions {
  readonly lists: Lists;
  readonly pageSize: number;
  readonly fleet: Pick<Fleet, 'roomFor'>;
}

/**
 * One users pass: reads the instance's whole list of users and swaps it in.
 *
 * @returns what does not add up in the list although it was read again; absent when it is sound
 * @throws ApiError when it could not be read whole; then nothing is swapped
 */
export async function usersPass(
  record: InstanceRecord,
  { lists, pageSize, fleet }: UsersOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { regionId, instanceId } = record.id;
  try {
    const listing = await lists.users(
      {
        regionId,
        instanceId,
        pageSize,
        most: () => fleet.roomFor(record),
        known: new Set(record.snapshot.users?.users.map(({ name }) => name)),
        onProgress: (seen, expected) => {
          record.reading = seen;
          if (expected) record.stages.users.advance(seen / expected);
        },
      },
      signal,
    );
    record.snapshot = { ...record.snapshot, users: usersSnapshot(listing.items) };
    return listing.doubt;
  } finally {
    delete record.reading;
  }
}
