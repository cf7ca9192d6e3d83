import { createHash } from 'node:crypto';
import type { InstanceId } from '../../model/instance.ts';

/** Longer names are cut: file systems allow 255 bytes, and temporary files have longer names. */
const LONGEST_READABLE = 60;

const HASH_DIGITS = 16;

const EXTENSION = '.json.gz';

export function instanceFileName({ account, regionId, instanceId }: InstanceId): string {
  return fileName('instance', [account, regionId, instanceId]);
}

export function accountFileName(account: string): string {
  return fileName('account', [account]);
}

/**
 * A part that people can read, and a hash that differs where those parts are equal. Names of accounts and
 * instances may contain anything, and may differ only in upper and lower case, which not every file system
 * tells apart.
 */
function fileName(kind: 'instance' | 'account', names: readonly string[]): string {
  const readable = names
    .join('_')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-');
  const hash = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  return `${kind}-${readable.slice(0, LONGEST_READABLE)}-${hash.slice(0, HASH_DIGITS)}${EXTENSION}`;
}

const STATE_FILE = /^(instance|account)-[a-z0-9_-]*-[\da-f]{16}\.json\.gz$/;

/** undefined for a file of another kind, such as a temporary file */
export function kindOfStateFile(name: string): 'instance' | 'account' | undefined {
  const [, kind] = STATE_FILE.exec(name) ?? [];
  return kind === 'instance' || kind === 'account' ? kind : undefined;
}
