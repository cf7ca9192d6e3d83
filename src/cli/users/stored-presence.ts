import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Presence } from '../../fleet/presence.ts';
import type { InstanceId } from '../../model/instance.ts';
import { stateFolder } from '../../storage/directory.ts';
import { instanceFileName, kindOfStateFile } from '../../storage/state/file-names.ts';
import { INSTANCE_FORMAT, type StoredInstance } from '../../storage/state/stored-instance.ts';
import { readStateFile, UnreadableStateError } from '../../storage/state-file.ts';
import { codeOf } from '../../system-error.ts';
import { CommandError, EXIT } from '../process/host.ts';

/** What an exporter has recorded about when the users of an instance were online. */
export interface StoredPresence {
  readonly presence: Presence;
  /**
   * The newest count of all users, in seconds since the epoch; absent before the first. The presence is asked about
   * this moment, since nothing is known of later.
   */
  readonly countedAt?: number;
}

/**
 * Reads the presence of an instance from the directory in which an exporter keeps its state. The exporter may run
 * meanwhile, since it replaces each file as a whole.
 *
 * @returns undefined when the state does not know the instance
 * @throws CommandError when there is no state, or it cannot be read
 */
export async function storedPresence(
  storagePath: string,
  id: InstanceId,
): Promise<StoredPresence | undefined> {
  const stored = await readStored(storagePath, id);
  if (!stored) return undefined;
  const { presence: data } = stored;
  return { presence: new Presence(data), ...(data && { countedAt: data.countedAt }) };
}

async function readStored(
  storagePath: string,
  id: InstanceId,
): Promise<StoredInstance | undefined> {
  const folder = stateFolder(storagePath);
  const path = join(folder, instanceFileName(id));
  try {
    const stored = await readStateFile(path, INSTANCE_FORMAT);
    if (stored || (await readdir(folder)).some(kindOfStateFile)) return stored;
  } catch (error) {
    if (error instanceof UnreadableStateError)
      throw failure(`${path} cannot be used`, error.message);
    const code = codeOf(error);
    if (code === '') throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw failure(
        `${path} cannot be read (${code})`,
        'run the command as the user of the exporter or as root',
      );
    }
  }
  throw failure(
    `${storagePath} has no state of an exporter`,
    'give the directory that `serve --storage.path` uses',
  );
}

const failure = (problem: string, explanation: string): CommandError =>
  new CommandError(`--storage.path: ${problem}: ${explanation}`, EXIT.failed);
