import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../system-error.ts';
import { stateFolder } from '../directory.ts';
import { readStateFile, UnreadableStateError } from '../state-file.ts';
import { accountFileName, instanceFileName, kindOfStateFile } from './file-names.ts';
import { ACCOUNT_FORMAT, type StoredAccount } from './stored-account.ts';
import { INSTANCE_FORMAT, type StoredInstance } from './stored-instance.ts';

/** A state file, with its content or with the reason why it cannot be used. */
export interface StoredFile {
  readonly path: string;
  readonly instance?: StoredInstance;
  readonly account?: StoredAccount;
  /** UnreadableStateError, or an error with the system's code. */
  readonly error?: unknown;
}

/**
 * Reads the instances that an exporter has stored. The exporter may go on running, because it replaces each
 * file as a whole. Files that cannot be used are skipped, and are left where they are.
 *
 * @throws Error with the system's code when the directory exists and cannot be read
 */
export async function readStoredInstances(storagePath: string): Promise<readonly StoredInstance[]> {
  const instances: StoredInstance[] = [];
  for await (const { instance } of readStored(storagePath)) if (instance) instances.push(instance);
  return instances;
}

/**
 * Reads all state files, one after the other. A file that disappears meanwhile is left out.
 *
 * @throws Error with the system's code when the directory exists and cannot be read
 */
export async function* readStored(storagePath: string): AsyncGenerator<StoredFile, void> {
  const folder = stateFolder(storagePath);
  for (const entry of await entriesIn(folder)) {
    const { name } = entry;
    const kind = kindOfStateFile(name);
    const path = join(folder, name);
    try {
      if (kind && entry.isDirectory()) throw new UnreadableStateError('it is not a file');
      if (kind === 'instance') {
        const instance = await readStateFile(path, INSTANCE_FORMAT);
        if (!instance) continue;
        checkName(name, instanceFileName(instance.id));
        yield { path, instance };
      } else if (kind === 'account') {
        const account = await readStateFile(path, ACCOUNT_FORMAT);
        if (!account) continue;
        checkName(name, accountFileName(account.account));
        yield { path, account };
      }
    } catch (error) {
      yield { path, error };
    }
  }
}

/** Two files about the same instance would contradict each other. */
function checkName(name: string, expected: string): void {
  if (name !== expected) throw new UnreadableStateError(`its content belongs into ${expected}`);
}

async function entriesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
