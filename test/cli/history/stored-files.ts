import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECOND, systemClock } from '../../../src/clock.ts';
import type { InstanceData } from '../../../src/fleet/instance-data.ts';
import type { Gap } from '../../../src/fleet/watched-time.ts';
import { lineOf } from '../../../src/storage/history/ended-session.ts';
import { instanceFileName } from '../../../src/storage/state/file-names.ts';
import { instanceSlices } from '../../../src/storage/state/stored-instance.ts';
import { writeStateFile } from '../../../src/storage/state-file.ts';

/** A time on 2024-11-28 in UTC, such as `14:30:00`, or a whole time in RFC 3339. */
const timeOf = (text: string): number =>
  Date.parse(text.includes('T') ? text : `2024-11-28T${text}Z`);

/** A session as user, address, start and end; an empty start is unknown. */
export type Written = readonly [user: string, address: string, start: string, end: string];

/** Writes the lines of a history as an exporter does. */
export async function writeHistory(
  storagePath: string,
  days: Readonly<Record<string, readonly Written[]>>,
  instanceId = 'sag-1',
): Promise<void> {
  await mkdir(join(storagePath, 'history'), { recursive: true });
  for (const [day, sessions] of Object.entries(days)) {
    const lines = sessions.map(([user_name, client_ip, start, end]) =>
      lineOf({
        account: 'prod',
        region_id: 'cn-shanghai',
        instance_id: instanceId,
        user_name,
        client_ip,
        started_at: start === '' ? null : new Date(timeOf(start)).toISOString(),
        ended_at: new Date(timeOf(end)).toISOString(),
      }),
    );
    await writeFile(join(storagePath, 'history', `${day}.jsonl`), lines.join(''), { flag: 'a' });
  }
}

export interface StateWishes {
  readonly instanceId?: string;
  readonly account?: string;
  readonly name?: string;
  /** @default 14:00:00 */
  readonly writtenAt?: string;
  /** @default a year before */
  readonly watchedSince?: string;
  readonly gaps?: readonly Gap[];
  /** The newest count. @default ten seconds before the state was written */
  readonly countedAt?: string;
  /** Open sessions as user, address and start; an empty start is unknown. */
  readonly open?: readonly (readonly [user: string, address: string, start: string])[];
}

/** Writes the state of an instance as an exporter does. */
export async function writeState(storagePath: string, wishes: StateWishes = {}): Promise<void> {
  const {
    instanceId = 'sag-1',
    account = 'prod',
    name = 'Office',
    writtenAt = '14:00:00',
  } = wishes;
  const written = timeOf(writtenAt) / SECOND;
  const sessions = new Map<string, { clientIp: string; start?: number }[]>();
  for (const [user, clientIp, start] of wishes.open ?? []) {
    const session = start === '' ? { clientIp } : { clientIp, start: timeOf(start) / SECOND };
    sessions.set(user, [...(sessions.get(user) ?? []), session]);
  }
  const data: InstanceData = {
    writtenAt: written,
    id: { account, regionId: 'cn-shanghai', instanceId },
    details: { id: instanceId, name, status: 'Active' },
    snapshot: { sessions: { sessions } },
    stages: {},
    isUp: true,
    presence: {
      watchedSince: timeOf(wishes.watchedSince ?? '2023-11-28T00:00:00Z') / SECOND,
      countedAt: wishes.countedAt === undefined ? written - 10 : timeOf(wishes.countedAt) / SECOND,
      gaps: wishes.gaps ?? [],
      users: [],
    },
    evidence: { leftOutIsOffline: false, zeroTotal: 'unproven' },
    userCountEqualAt: [],
    readings: [],
    areSessionsComplete: true,
  };
  const folder = join(storagePath, 'state');
  await mkdir(folder, { recursive: true });
  const path = join(folder, instanceFileName(data.id));
  await writeStateFile(path, instanceSlices(data, false), systemClock);
}
