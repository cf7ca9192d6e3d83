import { readText } from '../input/read-file.ts';

/**
 * Reads the key of hashed user names. The line end that editors add does not count.
 *
 * @param file `metrics.hash_key_file`
 * @throws Error when the file cannot be read
 */
export async function readHashKey(file: string): Promise<string> {
  return (await readText(file)).trim();
}
