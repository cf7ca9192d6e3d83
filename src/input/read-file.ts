import { readFile as readBytes } from 'node:fs/promises';
import { ConfigError } from './problem.ts';

/** Reads a text file, and rejects where that is not possible. */
export type ReadFile = (path: string) => Promise<string>;

/** From the file system. */
export const readText: ReadFile = (path) => readBytes(path, 'utf8');

/** Reads a file that somebody wrote. @throws ConfigError saying why it cannot be read */
export async function readInputFile(file: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    const got = describeReadError(error);
    throw new ConfigError([
      { file, line: 1, column: 1, path: '', expected: 'a readable file', got },
    ]);
  }
}

/** Why a file could not be read, without its path, which may come from the environment. */
export function describeReadError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
  return READ_ERRORS[code] ?? code;
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'one without permission to read it',
  EISDIR: 'a directory',
  ENOENT: 'none there',
};
