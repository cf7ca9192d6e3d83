import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Clock, DAY } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { codeOf } from '../../system-error.ts';
import { stateFolder } from '../directory.ts';
import { setAside, UNREADABLE, UnreadableStateError } from '../state-file.ts';
import { readStored } from './read-stored.ts';
import type { StoredAccount } from './stored-account.ts';
import type { StoredInstance } from './stored-instance.ts';

/** The state that an earlier process has left. */
export interface LoadedState {
  readonly accounts: readonly StoredAccount[];
  readonly instances: readonly StoredInstance[];
  readonly files: readonly LoadedFile[];
}

export interface LoadedFile {
  readonly fileName: string;
  /** The account that the file is about. */
  readonly account: string;
  readonly bytes: number;
}

/** An unusable file can be looked at for this time. It has personal data, so it must not stay for ever. */
const UNREADABLE_KEPT = 30 * DAY;

/** Names of the temporary files of `atomically`. */
const TEMPORARY = /\.json\.gz\.tmp-[\da-f]+$/;

/**
 * Reads the state of an earlier process. Renames the files that cannot be used, so that they do not stand in
 * the way of new ones, and removes what a killed process has left of an unfinished write.
 *
 * @throws Error with the system's code when the folder cannot be read
 */
export async function loadState(
  storagePath: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<LoadedState> {
  await removeRemains(stateFolder(storagePath), clock);
  const accounts: StoredAccount[] = [];
  const instances: StoredInstance[] = [];
  const files: LoadedFile[] = [];
  for await (const { path, account, instance, error } of readStored(storagePath)) {
    if (account) accounts.push(account);
    if (instance) instances.push(instance);
    const accountName = account?.account ?? instance?.id.account;
    if (accountName === undefined) {
      await putAside(path, error, log);
    } else {
      const { size } = await stat(path);
      files.push({ fileName: basename(path), account: accountName, bytes: size });
    }
  }
  return { accounts, instances, files };
}

async function putAside(path: string, error: unknown, log: Log): Promise<void> {
  const reason =
    error instanceof UnreadableStateError ? error.message : codeOf(error) || String(error);
  try {
    const renamedTo = await setAside(path);
    log.error(
      { file: path, renamedTo, reason },
      `a state file cannot be used (${reason}): it is renamed, and the exporter starts without it`,
    );
  } catch (failure) {
    log.error(
      { file: path, reason },
      `a state file cannot be used (${reason}) nor renamed (${codeOf(failure)}): the exporter starts without it`,
    );
  }
}

async function removeRemains(folder: string, clock: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const isOld = async (): Promise<boolean> =>
      clock.now() - (await stat(path)).ctimeMs > UNREADABLE_KEPT;
    if (TEMPORARY.test(name) || (name.endsWith(UNREADABLE) && (await isOld()))) {
      await rm(path, { force: true });
    }
  }
}
