import { readFile as readBytes } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { find } from './path.ts';
import type { Finding } from './problem.ts';

/** Reads a text file, and rejects where that is not possible. */
export type ReadFile = (path: string) => Promise<string>;

/** Reads from the file system. */
export const readText: ReadFile = (path) => readBytes(path, 'utf8');

/** Where a file named in the configuration is: beside the configuration file, unless absolute. */
export function locate(path: string, configFile: string | undefined): string {
  return isAbsolute(path) || configFile === undefined ? path : join(dirname(configFile), path);
}

/**
 * What is wrong with the files the configuration names. They are read only to see that they can be:
 * their content may change later, and belongs to whoever uses it.
 */
export async function checkReferencedFiles(
  file: unknown,
  configFile: string | undefined,
  readFile: ReadFile,
): Promise<readonly Finding[]> {
  const hashed = find(file, 'metrics.user_name').some(({ value }) => value === 'hash');
  const named = [
    ...find(file, 'accounts[*].credentials.access_key_secret_file'),
    ...(hashed ? find(file, 'metrics.hash_key_file') : []),
  ];
  const findings = named.map(async ({ path, value }): Promise<readonly Finding[]> => {
    if (typeof value !== 'string' || value.trim() === '') return [];
    const got = await whyUnusable(locate(value, configFile), readFile);
    return got === undefined ? [] : [{ path, expected: 'a readable file with a text in it', got }];
  });
  return (await Promise.all(findings)).flat();
}

async function whyUnusable(path: string, readFile: ReadFile): Promise<string | undefined> {
  try {
    const text = await readFile(path);
    return text.trim() === '' ? 'an empty one' : undefined;
  } catch (error) {
    return describeReadError(error);
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
