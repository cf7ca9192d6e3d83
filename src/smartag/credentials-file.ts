import { CredentialsOutageError, NoCredentialsError } from './key-pair.ts';

/** The parts of the machine that credentials are read from. */
export interface CredentialsHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file. It rejects with an error that has a `code`. */
  readonly readFile: (path: string) => Promise<string>;
}

/**
 * Codes of failed reads that say something of the file: it is not there, not permitted, or no text.
 * Somebody has to mend that. Every other code (EMFILE, ENOMEM, EIO, a time limit) says something of the
 * system at this moment and passes by itself.
 */
const ABOUT_THE_FILE: ReadonlySet<string> = new Set([
  'EACCES',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'NOT_UTF8',
  'TOO_LARGE',
]);

/**
 * The text of a file that holds credentials.
 *
 * @param shownAs how messages name the file: a path from the environment is not shown
 * @throws NoCredentialsError when the file must be mended
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const reason =
      code === 'ENOENT' ? `${shownAs} does not exist` : `${shownAs} cannot be read (${code})`;
    throw ABOUT_THE_FILE.has(code)
      ? new NoCredentialsError(reason)
      : new CredentialsOutageError(reason);
  }
}
