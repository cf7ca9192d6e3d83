import type { InstanceRecord } from '../../fleet/fleet.ts';
import { usersSnapshot } from '../../fleet/snapshots.ts';
import type { Log } from '../../log.ts';
import type { Lists } from '../../smartag/lists.ts';

/**
 * One users pass: reads the instance's whole list of users and swaps it in.
 *
 * @throws ApiError when it could not be read whole; then nothing is swapped
 */
export async function usersPass(
  record: InstanceRecord,
  options: { readonly lists: Lists; readonly pageSize: number; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  const { regionId, instanceId } = record.id;
  const listing = await options.lists.users(
    {
      regionId,
      instanceId,
      pageSize: options.pageSize,
      onProgress: (seen, expected) => {
        if (expected) record.stages.users.advance(seen / expected);
      },
    },
    signal,
  );
  if (listing.doubt !== undefined) {
    options.log.warn(
      { stage: 'users', users: listing.items.length },
      `the list of users kept changing while it was read; the newest read is taken: ${listing.doubt}`,
    );
  }
  record.snapshot = { ...record.snapshot, users: usersSnapshot(listing.items) };
}
