import { dirname, isAbsolute, join } from 'node:path';
import { type Found, find } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { describeReadError, type ReadFile } from '../input/read-file.ts';
import { SECRET_WORD } from '../input/values.ts';

/** Resolves the path of a file that the configuration names, relative to the folder of the configuration file. */
export function locate(path: string, configFile: string | undefined): string {
  return isAbsolute(path) || configFile === undefined ? path : join(dirname(configFile), path);
}

/**
 * Finds problems of the files that the configuration names. Their content may change later, so they are read
 * again where they are used: a secret in smartag/credentials/credentials.ts, the key of hashed names in
 * hash-key.ts. Variables such as `${NAME}` are expanded in input/environment.ts.
 */
export async function checkReferencedFiles(
  file: unknown,
  configFile: string | undefined,
  readFile: ReadFile,
): Promise<readonly Finding[]> {
  const hashed = find(file, 'metrics.user_name').some(({ value }) => value === 'hash');
  const secrets = find(file, 'accounts[*].credentials.access_key_secret_file');
  const hashKeys = hashed ? find(file, 'metrics.hash_key_file') : [];
  const findings = [
    ...secrets.map((found) => check(found, (text) => SECRET_WORD.test(text))),
    ...hashKeys.map((found) => check(found, () => true)),
  ];
  return (await Promise.all(findings)).flat();

  async function check(
    { path, value }: Found,
    isUsable: (text: string) => boolean,
  ): Promise<readonly Finding[]> {
    if (typeof value !== 'string' || value.trim() === '') return [];
    const expected = 'a readable file that is not empty';
    try {
      const text = await readFile(locate(value, configFile));
      if (text.trim() === '') return [{ path, expected, got: 'an empty file' }];
      if (isUsable(text)) return [];
      return [
        {
          path,
          expected: 'a file that has only the secret, in printable ASCII characters without blanks',
          // The text is not quoted, because it may contain the secret.
          got: 'a file with other characters',
        },
      ];
    } catch (error) {
      return [{ path, expected, got: describeReadError(error) }];
    }
  }
}
