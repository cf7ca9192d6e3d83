import { codeOf } from '../../system-error.ts';
import { CredentialsOutageError, NoCredentialsError } from './key-pair.ts';

/** The parts of the machine that credentials are read from. */
export interface CredentialsHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * The text of a file. It rejects with an error that has a `code`, and `isTemporary: true` when a later
   * read may succeed (too many open files).
   */
  readonly readFile: (path: string) => Promise<string>;
}

/** Texts for error codes; they follow the name of the file. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read (EACCES)',
  EISDIR: 'is a directory',
  ENOENT: 'does not exist',
  NOT_A_FILE: 'is no file but a pipe or a device',
  NOT_UTF8: 'is not UTF-8',
  TOO_LARGE: 'is too large',
};

/**
 * Reads a file that holds credentials.
 *
 * @param shownAs the name of the file in messages: a path from the environment is not shown
 * @throws NoCredentialsError when a person has to correct the file
 * @throws CredentialsOutageError when the system cannot read it at the moment
 */
export async function readCredentialsFile(
  { readFile }: CredentialsHost,
  path: string,
  shownAs: string,
): Promise<string> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = codeOf(error) || 'unreadable';
    const reason = REASONS[code] ?? `cannot be read (${code})`;
    const isTemporary =
      error instanceof Error && 'isTemporary' in error && error.isTemporary === true;
    throw isTemporary
      ? new CredentialsOutageError(`${shownAs} ${reason}`)
      : new NoCredentialsError(`${shownAs} ${reason}`);
  }
}
