import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MINUTE } from '../../clock.ts';
import { dayFileName, recordedDays } from './day-file.ts';
import { keyOf, sessionOfLine } from './ended-session.ts';

/** Bytes read from the end of a file: some 4,000 sessions. */
const TAIL = 2 ** 20;

/**
 * Milliseconds before the newest session of the history. The state is written more often, so it has no open
 * session whose end was written earlier.
 */
const LATEST = 10 * MINUTE;

/**
 * The keys of the sessions that were written last. After a crash, the state may still have them as open, and
 * the first passes find again that they have ended.
 *
 * @throws Error with the system's code
 */
export async function lastWritten(directory: string): Promise<ReadonlySet<string>> {
  // The newest sessions stand in two files when a day has just begun.
  const days = (await recordedDays(directory)).slice(-2);
  const tails = await Promise.all(days.map((day) => tailOf(join(directory, dayFileName(day)))));
  const sessions = tails.flatMap((tail) =>
    tail.split('\n').flatMap((line) => sessionOfLine(line) ?? []),
  );
  const ends = sessions.map(({ ended_at }) => Date.parse(ended_at));
  const since = ends.reduce((latest, end) => Math.max(latest, end), 0) - LATEST;
  return new Set(sessions.filter((_, at) => (ends[at] ?? 0) >= since).map(keyOf));
}

async function tailOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
