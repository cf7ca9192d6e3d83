import { dirname, isAbsolute, join } from 'node:path';
import { find } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { describeReadError, type ReadFile } from '../input/read-file.ts';

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
