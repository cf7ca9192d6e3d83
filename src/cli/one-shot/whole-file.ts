import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MINUTE, systemClock } from '../../clock.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';

/** The node exporter, which reads the metrics of `once`, is another user. */
const READABLE_BY_ALL = 0o644;

/** How a whole file is written. */
interface WholeFileOptions {
  /** The flag that names the file, for messages. @default '--output' */
  readonly flag?: string;
  /** @default readable by all users */
  readonly mode?: number;
}

/**
 * Temporary files that are younger and whose process runs are left alone. Older ones are removed although
 * a process has that number: it may be another process by now, or one of another container.
 */
const LONGEST_WRITE = 10 * MINUTE;

/**
 * A file that is replaced as a whole: a reader sees the old content or the new one, never a part. What an
 * earlier run left behind when it was killed is removed. It is checked at once whether the file can be
 * written, before long work for nothing.
 *
 * @throws CommandError when it cannot
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

/** A name beside the target, so that renaming is one step; not *.prom, which a collector would read. */
function temporaryName(target: string, pid: number): string {
  return `.${basename(target)}.${pid}.${randomUUID()}.tmp`;
}

/** The number of the process that a temporary file belongs to; NaN for a file of another kind. */
function ownerOf(name: string, target: string): number {
  const [before, after] = [`.${basename(target)}.`, '.tmp'];
  if (!name.startsWith(before) || !name.endsWith(after)) return Number.NaN;
  const middle = name.slice(before.length, -after.length);
  return Number(/^(\d+)\.[\da-f-]{36}$/.exec(middle)?.[1]);
}

/** A leftover that cannot be removed does no harm: the next run tries again. */
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

/** Where a link leads: the link stays, what it leads to is replaced. */
async function targetOf(path: string, flag: string): Promise<string> {
  try {
    const target = await realpath(path);
    // Renaming would replace a device, such as /dev/stdout, by a file.
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
      // The mode given to `open` is narrowed by the umask. Some file systems have no modes.
      await file.chmod(mode).catch(unlessWithoutModes);
      await file.writeFile(text);
      // Without this, a crash of the machine could leave the new name with nothing in it.
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
  const code = codeOf(error) ?? '';
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error;
}

/** What codes of the system mean here. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write into its folder',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be larger than the file system or the limit of the process allows',
  EISDIR: 'it is a directory',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

function failure(path: string, flag: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const cause = CAUSES[code] === undefined ? '' : `: ${CAUSES[code]}`;
  return new CommandError(
    `${flag}: ${path} cannot be written (${code})${cause}; a file that was there is as it was`,
    EXIT.failed,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
