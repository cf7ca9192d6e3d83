import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../system-error.ts';

/**
 * Makes a folder and the folders above it.
 *
 * @returns the first folder that was made; undefined when the folder existed
 * @throws Error with the system's code. On a read-only file system, Node.js reports ENOENT for a missing folder, as if
 *   the folder above it did not exist, but only with `recursive`; so the folders are then made one by one.
 */
export async function makeFolder(path: string, mode: number): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true, mode });
  } catch (error) {
    const above = dirname(path);
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    const made = await makeFolder(above, mode);
    await mkdir(path, mode);
    return made ?? path;
  }
}
