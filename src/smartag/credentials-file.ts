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
    const isTemporary =
      error instanceof Error && 'isTemporary' in error && error.isTemporary === true;
    throw isTemporary ? new CredentialsOutageError(reason) : new NoCredentialsError(reason);
  }
}
