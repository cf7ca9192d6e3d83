import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR, SECOND, systemClock } from '../../src/clock.ts';
import { noEvidence } from '../../src/fleet/counting-evidence.ts';
import { Presence } from '../../src/fleet/presence.ts';
import type { InstanceId } from '../../src/model/instance.ts';
import { stateFolder } from '../../src/storage/directory.ts';
import { instanceFileName } from '../../src/storage/state/file-names.ts';
import { instanceSlices } from '../../src/storage/state/stored-instance.ts';
import { writeStateFile } from '../../src/storage/state-file.ts';
import { temporaryFolder } from './temporary-files.ts';

/** Online clients by user name at one moment, in seconds since the epoch. */
export type Count = readonly [at: number, clients: Readonly<Record<string, number>>];

/**
 * Writes the state of an exporter that has made these counts of an instance.
 *
 * @param writtenAt seconds since the epoch
 * @returns the storage directory
 */
export async function storedState(
  id: InstanceId,
  counts: readonly Count[],
  writtenAt: number,
): Promise<string> {
  const presence = new Presence();
  for (const [at, clients] of counts) {
    presence.counted(at, new Map(Object.entries(clients)), true);
  }
  const storagePath = await temporaryFolder();
  await mkdir(stateFolder(storagePath));
  const data = {
    writtenAt,
    id,
    snapshot: {},
    stages: {},
    isUp: true,
    ...(presence.data && { presence: presence.data }),
    evidence: noEvidence(),
    userCountEqualAt: [],
    readings: [],
    areSessionsComplete: false,
  };
  await writeStateFile(
    join(stateFolder(storagePath), instanceFileName(id)),
    instanceSlices(data, false),
    systemClock,
  );
  return storagePath;
}

/** Counts once an hour, as if an exporter had watched without a gap. */
export function hourly(
  from: number,
  to: number,
  clientsAt: (at: number) => Readonly<Record<string, number>>,
): readonly Count[] {
  const counts: Count[] = [];
  for (let at = from; at <= to; at += HOUR / SECOND) counts.push([at, clientsAt(at)]);
  return counts;
}
