import { type FileOptions, fileChunks } from './file-chunks.ts';
import { ConfigError } from './problem.ts';
import { textOfBytes, UnusableFileError } from './text-of-bytes.ts';

/** Reads a text file, and rejects where that is not possible. */
export type ReadFile = (path: string, options?: Pick<FileOptions, 'mayBePipe'>) => Promise<string>;

/**
 * Bytes of the largest file that is read. A configuration with a thousand instances has 0.1 MB; a
 * larger file is a mistake, and reading it whole could exhaust the memory.
 */
const LARGEST = 4 * 2 ** 20;

/**
 * Codes of failed reads that say something of the file: it is not there, not permitted, or no text.
 * Somebody has to mend that. Every other code (EMFILE, ENOMEM, EIO) says something of the system at this
 * moment and passes by itself.
 */
const ABOUT_THE_FILE: ReadonlySet<string> = new Set([
  'EACCES',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  // A path with a zero byte in it.
  'ERR_INVALID_ARG_VALUE',
  'ENXIO',
  'NOT_A_FILE',
  'NOT_UTF8',
  'TOO_LARGE',
]);

/**
 * The text of a file in UTF-8, with or without a byte order mark.
 *
 * @throws Error with a `code`, of the system or of an UnusableFileError, and with `passes: true` when it
 * says nothing of the file
 */
export const readText: ReadFile = async (path, options) => {
  try {
    return textOfBytes(await readBytes(path, options));
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error('unreadable'), {
      passes: !ABOUT_THE_FILE.has(codeOf(error)),
    });
  }
};

/** Whether a file could not be read for a reason that passes by itself. */
export function passes(error: unknown): boolean {
  return error instanceof Error && 'passes' in error && error.passes === true;
}

/** @throws UnusableFileError as soon as more was read than the bound */
async function readBytes(path: string, options?: FileOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of fileChunks(path, options)) {
    size += chunk.length;
    if (size > LARGEST) {
      throw new UnusableFileError('TOO_LARGE', `one of more than ${LARGEST / 2 ** 20} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Reads a file that somebody wrote. @throws ConfigError saying why it cannot be read */
export async function readInputFile(
  file: string,
  readFile: ReadFile,
  options?: Pick<FileOptions, 'mayBePipe'>,
): Promise<string> {
  try {
    return await readFile(file, options);
  } catch (error) {
    const got = describeReadError(error);
    throw new ConfigError([
      { file, line: 1, column: 1, path: '', expected: 'a readable file', got },
    ]);
  }
}

/** Why a file could not be read, without its path, which may come from the environment. */
export function describeReadError(error: unknown): string {
  if (error instanceof UnusableFileError) return error.message;
  const code = codeOf(error);
  return READ_ERRORS[code] ?? code;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an error';
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'one without permission to read it',
  EISDIR: 'a directory',
  ENOENT: 'none there',
  ENXIO: 'a socket',
};
