import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { dayFileName, recordedDays } from './day-file.ts';
import { type EndedSession, sessionOfLine } from './ended-session.ts';

/** Bytes read from the end of each file: some 4,000 sessions. */
const TAIL = 2 ** 20;

/**
 * The sessions that were written last, in the order of their ends: at least those of the newest day on which a
 * session has ended, and of the day before it, but at most some thousands of each.
 *
 * @throws Error with the system's code
 */
export async function newestSessions(directory: string): Promise<readonly EndedSession[]> {
  const days = [...(await recordedDays(directory))].reverse();
  const newest: EndedSession[] = [];
  for (const day of days) {
    const sessions = await sessionsAtEndOf(join(directory, dayFileName(day)));
    const isDayBefore = newest.length > 0;
    newest.unshift(...sessions);
    if (isDayBefore) break;
  }
  return newest;
}

async function sessionsAtEndOf(path: string): Promise<readonly EndedSession[]> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    // The first line is torn where the file is longer; the parser leaves it out.
    return buffer
      .toString('utf8')
      .split('\n')
      .flatMap((line) => sessionOfLine(line) ?? []);
  } finally {
    await handle.close();
  }
}
