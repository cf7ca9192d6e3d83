import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Clock, systemClock } from '../clock.ts';
import { withinTimeout } from './within-timeout.ts';

/** This device can be read again, because it is always empty. */
const EMPTY_DEVICE = '/dev/null';

interface StatOptions {
  readonly clock?: Clock;
  /** @default `stat` of node:fs/promises */
  readonly stat?: (path: string) => Promise<Stats>;
}

/**
 * Whether a file can be read more than once. The text of a pipe, a socket or a terminal is gone after the
 * first read, and a second read would wait without end. The result is true when the file system cannot
 * describe the file, because reading it then fails with the reason.
 */
export async function isReadableAgain(
  path: string,
  { clock = systemClock, stat: statFile = stat }: StatOptions = {},
): Promise<boolean> {
  if (path === EMPTY_DEVICE) return true;
  return withinTimeout(clock, () => statFile(path)).then(
    (found) => found.isFile() || found.isDirectory(),
    () => true,
  );
}
