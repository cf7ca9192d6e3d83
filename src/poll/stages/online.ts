import type { InstanceRecord } from '../../fleet/fleet.ts';
import { onlineSnapshot, sessionsSnapshot } from '../../fleet/snapshots.ts';
import type { Session } from '../../model/session.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { fanOut } from '../strategies/fan-out.ts';

const OFFLINE: readonly Session[] = [];

/**
 * One online pass by fan-out: asks about each user the newest users pass saw, and swaps in who is
 * online together with the sessions, which the same calls tell.
 *
 * @throws ApiError when some user could not be asked; what the others answered is swapped in
 *   nevertheless, unless the pass had to be given up
 */
export async function onlinePass(
  record: InstanceRecord,
  options: { readonly client: Client; readonly parallel: number },
  signal: AbortSignal,
): Promise<void> {
  const users = record.snapshot.users?.users ?? [];
  const { regionId, instanceId } = record.id;
  const { answers, failure } = await fanOut({
    userNames: users.map((user) => user.name),
    ask: (userName) =>
      options.client.call(describeUserOnlineClients, { regionId, instanceId, userName }, signal),
    absent: OFFLINE,
    parallel: options.parallel,
    onProgress: (share) => {
      record.stages.online.advance(share);
      record.stages.sessions.advance(share);
    },
  });
  const counts = new Map(Array.from(answers, ([name, sessions]) => [name, sessions.length]));
  const { online, sessions } = record.snapshot;
  record.snapshot = {
    ...record.snapshot,
    online: onlineSnapshot(users, counts, online),
    sessions: sessionsSnapshot(users, answers, sessions),
  };
  if (failure) throw failure;
}
