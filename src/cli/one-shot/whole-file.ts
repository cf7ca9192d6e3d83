import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MINUTE, systemClock } from '../../clock.ts';
import { codeOf, writeFailureOf } from '../../system-error.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';

/** node_exporter reads the metrics that `once` writes, and runs as another user. */
const READABLE_BY_ALL = 0o644;

interface WholeFileOptions {
  /** The flag that names the file, for messages. @default '--output' */
  readonly flag?: string;
  /** @default readable by all users */
  readonly mode?: number;
}

/**
 * A temporary file younger than this is left alone while its process runs. An older file is removed: by now
 * its pid may belong to another process, or to a process of another container.
 */
const LONGEST_WRITE = 10 * MINUTE;

/**
 * Prepares to replace a file as a whole: a reader sees the old content or the new one, never a part. Removes
 * temporary files that a killed run left behind. Checks first that the file can be written, so that no long
 * work is done in vain.
 *
 * @returns writes the content
 * @throws CommandError when the file cannot be written
 */
export async function wholeFile(
  path: string,
  { pid, isRunning }: Pick<Host, 'pid' | 'isRunning'>,
  options: WholeFileOptions = {},
): Promise<(text: string) => Promise<void>> {
  const { flag = '--output', mode = READABLE_BY_ALL } = options;
  try {
    const target = await targetOf(path, flag);
    await access(dirname(target), constants.W_OK | constants.X_OK);
    await removeLeftovers(target, isRunning);
    return async (text) => {
      try {
        await replace(target, text, { pid, mode });
      } catch (error) {
        throw failure(path, flag, error);
      }
    };
  } catch (error) {
    throw failure(path, flag, error);
  }
}

/**
 * The path of a temporary file. It is in the folder of the target, so that renaming is atomic. It does not end in
 * .prom, because node_exporter would read such a file.
 */
function temporaryName(target: string, pid: number): string {
  return `.${basename(target)}.${pid}.${randomUUID()}.tmp`;
}

/** The pid in the name of a temporary file; NaN for any other file. */
function ownerOf(name: string, target: string): number {
  const [before, after] = [`.${basename(target)}.`, '.tmp'];
  if (!name.startsWith(before) || !name.endsWith(after)) return Number.NaN;
  const middle = name.slice(before.length, -after.length);
  return Number(/^(\d+)\.[\da-f-]{36}$/.exec(middle)?.[1]);
}

/** Ignores a leftover that cannot be removed: the next run tries again. */
async function removeLeftovers(target: string, isRunning: Host['isRunning']): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = ownerOf(name, target);
    if (Number.isNaN(pid)) continue;
    const leftover = join(folder, name);
    const writtenAt = await stat(leftover).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (writtenAt === undefined) continue;
    if (isRunning(pid) && systemClock.now() - writtenAt < LONGEST_WRITE) continue;
    await rm(leftover, { force: true }).catch(() => {});
  }
}

/** Resolves a link, so that the link stays and its target is replaced. */
async function targetOf(path: string, flag: string): Promise<string> {
  try {
    const target = await realpath(path);
    // Renaming would replace a device such as /dev/stdout with a file.
    if (!(await stat(target)).isFile()) {
      throw new CommandError(
        `${flag}: expected a file; ${path} is something else${flag === '--output' ? ' (without --output the metrics go to stdout)' : ''}`,
        EXIT.failed,
      );
    }
    return target;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path;
    throw error;
  }
}

async function replace(
  target: string,
  text: string,
  { pid, mode }: { readonly pid: number; readonly mode: number },
): Promise<void> {
  const temporary = join(dirname(target), temporaryName(target, pid));
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // The umask removes bits from the mode given to `open`. Some file systems have no modes.
      await file.chmod(mode).catch(unlessWithoutModes);
      await file.writeFile(text);
      // Without this, a crash of the machine could leave an empty file under the final name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

function unlessWithoutModes(error: unknown): void {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
}

function failure(path: string, flag: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === '') return error;
  const reason = writeFailureOf(error);
  const cause = reason === undefined ? '' : `: ${reason}`;
  return new CommandError(
    `${flag}: ${path} cannot be written (${code})${cause}; an existing file is unchanged`,
    EXIT.failed,
  );
}
