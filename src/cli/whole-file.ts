import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, EXIT } from './host.ts';

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
 * A file that is replaced as a whole: a reader sees the old content or the new one, never a part.
 * It is checked at once whether that can be done, before long work for nothing.
 *
 * @throws CommandError when it cannot
 */
export async function wholeFile(
  path: string,
  options: WholeFileOptions = {},
): Promise<(text: string) => Promise<void>> {
  const { flag = '--output', mode = READABLE_BY_ALL } = options;
  try {
    const target = await targetOf(path, flag);
    await access(dirname(target), constants.W_OK | constants.X_OK);
    return async (text) => {
      try {
        await replace(target, text, mode);
      } catch (error) {
        throw failure(path, flag, error);
      }
    };
  } catch (error) {
    throw failure(path, flag, error);
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

async function replace(target: string, text: string, mode: number): Promise<void> {
  // In the same folder, so that renaming is one step; not *.prom, which a collector would read.
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      // Else a crash of the machine could leave the new name with nothing in it.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function failure(path: string, flag: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new CommandError(`${flag}: ${path} cannot be written (${code})`, EXIT.failed);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
