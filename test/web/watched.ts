import { DAY, SECOND } from '../../src/clock.ts';
import type { InstanceRecord } from '../../src/fleet/fleet.ts';
import { Presence, type PresenceData } from '../../src/fleet/presence.ts';
import { type FleetBench, START, user } from '../support/fleet-bench.ts';

/** A time this many days before the start of the bench's clock, in seconds since the epoch. */
export const daysBefore = (days: number): number => START - (days * DAY) / SECOND;

/** What is recorded of a user, in days before the start of the bench's clock. */
export interface Recorded {
  /** @default the day since which the instance is watched */
  readonly firstSeen?: number;
  readonly lastOnline?: number;
  /** Number of clients online. @default 0 */
  readonly online?: number;
}

/** An instance whose users and online counts have been read, and that was watched for some days before. */
export function watchedInstance(
  bench: FleetBench,
  id: string,
  days: number,
  users: Readonly<Record<string, Recorded>>,
  options: Pick<PresenceData, 'gaps'> & { readonly limit?: number } = { gaps: [] },
): InstanceRecord {
  const { gaps, ...limit } = options;
  const record = bench.instance(id, limit);
  const presence = new Presence({
    watchedSince: daysBefore(days),
    countedAt: START,
    gaps,
    users: Object.entries(users).map(([name, { firstSeen = days, lastOnline }]) => [
      name,
      {
        firstSeen: daysBefore(firstSeen),
        ...(lastOnline !== undefined && { lastOnline: daysBefore(lastOnline) }),
      },
    ]),
  });
  Object.assign(record, { presence });
  bench.users(
    record,
    Object.keys(users).map((name) => user(name)),
  );
  bench.online(
    record,
    Object.fromEntries(Object.entries(users).map(([name, { online = 0 }]) => [name, online])),
  );
  return record;
}
