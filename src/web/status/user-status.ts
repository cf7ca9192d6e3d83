import { oldestStartOf } from '../../fleet/snapshots.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { Session } from '../../model/session.ts';
import type { Person } from './privacy.ts';
import type { Privacy, UserStatus } from './schema.ts';
import { ageOf, isoTime } from './times.ts';

/** The parts of an instance's picture that tell of its users. */
export type UserParts = Pick<VisibleInstance, 'users' | 'online' | 'sessions' | 'traffic'>;

/** All that is told of a user. @param now in seconds since the epoch */
export function userStatus(
  { label, key, user, mail, fixedAddress }: Person,
  { online, sessions, traffic }: UserParts,
  privacy: Privacy,
  now: number,
): UserStatus {
  const own = sessions?.sessions.get(key);
  const since = own && oldestStartOf(own);
  const used = traffic?.users.get(key);
  return {
    userName: label,
    userMail: mail,
    enabled: user?.enabled,
    staticIp: user?.staticIp,
    fixedAddress,
    bandwidthBytesPerSecond: user?.bandwidth,
    acceleratedBandwidthBytesPerSecond: user?.acceleratedBandwidth,
    onlineClients: online?.clients.get(key),
    onlineSince: isoTime(since),
    onlineSeconds: ageOf(since, now),
    sessions: own?.toSorted(byStart).map((session) => ({
      clientAddress: privacy.clientAddresses ? addressOf(session) : undefined,
      start: isoTime(session.start),
    })),
    trafficMonthBytes: used?.month,
    trafficRemainingBytes: used?.remaining,
  };
}

function byStart({ start: one = Infinity }: Session, { start: other = Infinity }: Session): number {
  return one === other ? 0 : one - other;
}

/** Absent when the API omits it. */
function addressOf({ clientIp }: Session): string | undefined {
  return clientIp === '' ? undefined : clientIp;
}
