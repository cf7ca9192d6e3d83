import { readdir } from 'node:fs/promises';
import { SECOND } from '../../clock.ts';
import { historyFolder } from '../../storage/directory.ts';
import { recordedDays } from '../../storage/history/day-file.ts';
import { readStored } from '../../storage/state/read-stored.ts';
import type { StoredInstance } from '../../storage/state/stored-instance.ts';
import { codeOf } from '../../system-error.ts';
import type { NamedInstance } from '../one-shot/pick-instance.ts';
import { CommandError, EXIT } from '../process/host.ts';

/** What an exporter has left in its storage directory. */
export interface Recorded {
  readonly historyFolder: string;
  /** In UTC, in order; at least one. */
  readonly days: readonly string[];
  readonly instances: readonly StoredInstance[];
  /** State files that cannot be used, with the reason. */
  readonly unusable: readonly string[];
}

/**
 * Reads the state before the history is read: the exporter writes a session to the history before it takes it
 * from the state, so that none is missed.
 *
 * @throws CommandError when the directory cannot be read, or has no history
 */
export async function readRecorded(storagePath: string): Promise<Recorded> {
  const folder = historyFolder(storagePath);
  const instances: StoredInstance[] = [];
  const unusable: string[] = [];
  const days = await whenReadable(storagePath, readAll());
  if (days.length === 0) {
    throw new CommandError(
      `${folder} has no history: nothing was recorded. Sessions are recorded as soon as the configuration has history.enabled: true.`,
      EXIT.failed,
    );
  }
  return { historyFolder: folder, days, instances, unusable };

  async function readAll(): Promise<readonly string[]> {
    await readdir(storagePath);
    for await (const { path, instance, error } of readStored(storagePath)) {
      if (instance) instances.push(instance);
      if (error !== undefined) unusable.push(`${path}: ${reasonOf(error)}`);
    }
    return recordedDays(folder);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it. Run the command as the user that runs the exporter',
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a directory',
};

/** @throws CommandError instead of an error of the system */
export async function whenReadable<Result>(
  path: string,
  reading: Promise<Result>,
): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    const reason = REASONS[code] === undefined ? '' : `: ${REASONS[code]}`;
    throw new CommandError(`${path} cannot be read (${code})${reason}`, EXIT.failed);
  }
}

const reasonOf = (error: unknown): string =>
  codeOf(error) || (error instanceof Error ? error.message : 'it cannot be used');

export function namedInstance({ id, details }: StoredInstance): NamedInstance {
  return { ...id, name: details?.name ?? '' };
}

export const inMilliseconds = (seconds: number): number => Math.round(seconds * SECOND);
