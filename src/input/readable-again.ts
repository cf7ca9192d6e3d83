import { stat } from 'node:fs/promises';

/** It is no regular file and reads the same, empty, each time. */
const EMPTY_DEVICE = '/dev/null';

/**
 * Whether a file can be read more than once. What comes by a pipe, a socket or a terminal is gone once
 * it was read, and reading it again would wait without end.
 */
export async function isReadableAgain(path: string): Promise<boolean> {
  if (path === EMPTY_DEVICE) return true;
  // Why it is not there is told when it is read.
  return stat(path).then(
    (found) => found.isFile() || found.isDirectory(),
    () => true,
  );
}
