import { join } from 'node:path';
import { dayFileName, dayOf, recordedDays } from './day-file.ts';
import { type EndedSession, keyOf, sessionOfLine } from './ended-session.ts';
import { type LineTest, linesPassing } from './line-reader.ts';

/** Milliseconds since the epoch. A session matches when it was open at some moment from `from` up to `to`. */
export interface HistoryRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Ended sessions that were open during a range, in the order of their ends. A session stands in the file of
 * the day on which it ended, so the files before `from` need not be read, and those after `to` may hold
 * sessions that began before it. A line that is torn or foreign is left out. A session that was written
 * twice, because the process was killed before it noted that, is told once.
 *
 * @throws Error with the system's code
 */
export async function* readHistory(
  directory: string,
  range: HistoryRange,
): AsyncGenerator<EndedSession, void> {
  const firstDay = dayOf(range.from);
  const days = (await recordedDays(directory)).filter((day) => day >= firstDay);
  const mayMatch = startsUntil(range.to);
  let toldBefore: ReadonlySet<string> = new Set();
  for (const day of days) {
    const told = new Set<string>();
    for await (const lines of linesPassing(join(directory, dayFileName(day)), mayMatch)) {
      for (const line of lines) {
        const session = sessionOfLine(line);
        if (session === undefined || !overlaps(session, range)) continue;
        const key = keyOf(session);
        if (!told.has(key) && !toldBefore.has(key)) yield session;
        told.add(key);
      }
    }
    // The second line about a session may stand in the file of the next day.
    toldBefore = told;
  }
}

/** The end of a line of the exporter, behind the 24 characters of a start, and without those of the end. */
const AFTER_START = Buffer.from('","ended_at":"');
/** Where AFTER_START begins, counted back from the end of the line: 24 characters of the end and `"}` follow it. */
const AFTER_START_AT = AFTER_START.length + 24 + 2;
const START_AT = AFTER_START_AT + 24;

/**
 * A test of lines that are not parsed yet, by the start of the session alone. Reading a quarter is then several
 * times as fast.
 *
 * @param to milliseconds since the epoch
 */
function startsUntil(to: number): LineTest {
  // Times of this form have the order of their texts.
  const latest = Buffer.from(new Date(to).toISOString());
  return (bytes, lineStart, lineEnd) => {
    const start = lineEnd - START_AT;
    const isOfExporter =
      start > lineStart && compare(bytes, lineEnd - AFTER_START_AT, AFTER_START) === 0;
    return !isOfExporter || compare(bytes, start, latest) <= 0;
  };
}

/** Compares the bytes from `at` on with all of `text`. Faster for short texts than Buffer.compare. */
function compare(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index++) {
    const difference = (bytes[at + index] ?? 0) - (text[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A session is open from its start, included, to its end, excluded. Without a start it counts at its end only. */
function overlaps({ started_at, ended_at }: EndedSession, { from, to }: HistoryRange): boolean {
  const end = Date.parse(ended_at);
  const start = started_at === null ? end - 1 : Date.parse(started_at);
  return start <= to && end > from;
}
