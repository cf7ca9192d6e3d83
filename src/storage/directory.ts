import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type LockResult, lockDirectory } from './lock.ts';
import { makeFolder } from './make-folder.ts';

/** Only the exporter's own user may see what is known of people. */
const OWNER_ONLY = 0o700;

/** The folder of the state files in the storage directory. */
export function stateFolder(storagePath: string): string {
  return join(storagePath, 'state');
}

/** The folder of the history files in the storage directory. */
export function historyFolder(storagePath: string): string {
  return join(storagePath, 'history');
}

/**
 * Makes the storage directory and its folder for state files, and locks it.
 *
 * A storage directory that exists keeps its mode: an administrator or the platform has made it, such as a
 * volume whose group must be able to write. Nothing in it can be read by others, because its folders and
 * files have modes of their own.
 *
 * @throws Error with the system's code when the directory cannot be made or written
 */
export async function openDirectory(storagePath: string): Promise<LockResult> {
  const created = await makeFolder(storagePath, OWNER_ONLY);
  // The umask may have removed bits that the exporter needs.
  if (created !== undefined) await chmod(storagePath, OWNER_ONLY);
  const lock = await lockDirectory(storagePath);
  if (lock === 'taken') return lock;
  try {
    await makeStateFolder(storagePath);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock;
}

/** Makes the folder of the state files for its owner alone, also when it exists with another mode. */
export async function makeStateFolder(storagePath: string): Promise<void> {
  const folder = stateFolder(storagePath);
  await makeFolder(folder, OWNER_ONLY);
  // Some file systems have no modes, and the folder may belong to another user who lets this one write.
  await chmod(folder, OWNER_ONLY).catch(() => {});
}
