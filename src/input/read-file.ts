import { codeOf } from '../system-error.ts';
import { type FileOptions, fileChunks } from './file-chunks.ts';
import { ConfigError } from './problem.ts';
import { textOfBytes, UnusableFileError } from './text-of-bytes.ts';

export type ReadOptions = Pick<FileOptions, 'mayBePipe'>;

/** Reads a text file; rejects when the file cannot be read. */
export type ReadFile = (path: string, options?: ReadOptions) => Promise<string>;

/**
 * Maximum size of a file. A configuration with a thousand instances has 0.1 MB. A larger file is a mistake,
 * and reading it could exhaust the memory.
 */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Error codes of a file that stays unreadable until an administrator acts: the file is missing, not permitted
 * or not a text. Every other code (EMFILE, ENOMEM, EIO) comes from a state of the system that may pass, so a
 * later read may succeed.
 */
const LASTING_CODES: ReadonlySet<string> = new Set([
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
 * Reads a file in UTF-8, with or without a byte order mark.
 *
 * @throws Error with the `code` of the system or of an UnusableFileError, and with `isTemporary`, which
 * is true when a later read of the same file may succeed
 */
export const readText: ReadFile = async (path, options) => {
  try {
    return textOfBytes(await readBytes(path, options));
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error('unreadable'), {
      isTemporary: !LASTING_CODES.has(codeOf(error)),
    });
  }
};

/** Whether an error of `readText` is temporary, so that a later read of the same file may succeed. */
export function isTemporary(error: unknown): boolean {
  return error instanceof Error && 'isTemporary' in error && error.isTemporary === true;
}

/** @throws UnusableFileError as soon as more than MAX_BYTES were read */
async function readBytes(path: string, options?: FileOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of fileChunks(path, options)) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new UnusableFileError('TOO_LARGE', `a file of more than ${MAX_BYTES / 2 ** 20} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** As `readFile`, but throws a ConfigError. */
export async function readInputFile(
  file: string,
  readFile: ReadFile,
  options?: ReadOptions,
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

/**
 * The reason why a file could not be read, to follow "got". It does not contain the path, because the path
 * may come from an environment variable.
 */
export function describeReadError(error: unknown): string {
  if (error instanceof UnusableFileError) return error.message;
  const code = codeOf(error);
  return READ_ERRORS[code] ?? (code || 'an error');
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'a file without permission to read it',
  EISDIR: 'a directory',
  ENOENT: 'no such file',
  ENXIO: 'a socket',
};
