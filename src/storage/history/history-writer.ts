import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { dayFileName, dayOf, recordedDays } from './day-file.ts';
import { type EndedSession, lineOf } from './ended-session.ts';

const OWNER_ONLY = { file: 0o600, directory: 0o700 } as const;

/** Bytes read at a time, from the end of a file, to find its last line break; a line has some 300. */
const TAIL = 64 * 1024;

const LINE_BREAK = 0x0a;

export interface AppendResult {
  /** The number of sessions at the front of the list that are on disk. */
  readonly written: number;
  /** Why the others are not; an Error with the system's code. */
  readonly failure?: unknown;
}

/**
 * Appends ended sessions to a file for each day in UTC. A file only ever grows by whole lines, so a log
 * shipper can follow it. A session is written to the file of the day on which it ended.
 */
export class HistoryWriter {
  readonly #directory: string;
  #file: { readonly day: string; readonly handle: FileHandle } | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Creates the file of a day, so that a day on which no session ends can be told from one on which nothing
   * was recorded.
   *
   * @throws Error with the system's code
   */
  async begin(day: string): Promise<void> {
    await this.#open(day);
  }

  /**
   * Cuts the torn lines that a killed process has left in any file. A file that cannot be opened, because it
   * belongs to another user, does not stand in the way of later ones.
   *
   * @throws Error with the system's code when the directory cannot be read
   */
  async repair(): Promise<void> {
    for (const day of await recordedDays(this.#directory)) await this.#open(day).catch(() => {});
  }

  /** The sessions that do not fit on the disk are left out as a whole. */
  async append(sessions: readonly EndedSession[]): Promise<AppendResult> {
    let written = 0;
    while (written < sessions.length) {
      const day = dayOfSession(sessions[written]);
      const next = sessions.findIndex((each, at) => at > written && dayOfSession(each) !== day);
      const lines = sessions.slice(written, next < 0 ? sessions.length : next).map(lineOf);
      const result = await this.#write(day, lines);
      written += result.written;
      if (result.failure !== undefined) {
        // Opening the file anew may help, for example when the directory was replaced.
        await this.close().catch(() => {});
        return { written, failure: result.failure };
      }
    }
    return { written };
  }

  /**
   * Deletes the files of days that ended at least `keep` milliseconds ago.
   *
   * @throws Error with the system's code
   */
  async prune(now: number, keep: number): Promise<void> {
    const oldestKept = dayOf(Math.max(0, now - keep));
    for (const day of await recordedDays(this.#directory)) {
      if (day < oldestKept) await rm(this.#path(day), { force: true });
    }
  }

  /** The bytes of all files. @throws Error with the system's code */
  async size(): Promise<number> {
    let bytes = 0;
    for (const day of await recordedDays(this.#directory)) {
      const file = await stat(this.#path(day)).catch(() => undefined);
      bytes += file?.size ?? 0;
    }
    return bytes;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }

  #path(day: string): string {
    return join(this.#directory, dayFileName(day));
  }

  async #open(day: string): Promise<FileHandle> {
    if (this.#file?.day === day && (await this.#isInPlace(day, this.#file.handle))) {
      return this.#file.handle;
    }
    await this.close();
    await makeFolder(this.#directory, OWNER_ONLY.directory);
    const handle = await open(this.#path(day), 'a+', OWNER_ONLY.file);
    this.#file = { day, handle };
    await cutTornLine(handle, 0);
    return handle;
  }

  /** False when the file was deleted or replaced: what is written to it would be lost. */
  async #isInPlace(day: string, handle: FileHandle): Promise<boolean> {
    const [now, opened] = await Promise.all([
      stat(this.#path(day)).catch(() => undefined),
      handle.stat(),
    ]);
    return now?.ino === opened.ino && now.dev === opened.dev;
  }

  async #write(day: string, lines: readonly string[]): Promise<AppendResult> {
    let handle: FileHandle;
    let start: number;
    try {
      handle = await this.#open(day);
      start = (await handle.stat()).size;
    } catch (failure) {
      return { written: 0, failure };
    }
    try {
      await handle.writeFile(lines.join(''));
      await handle.datasync();
      return { written: lines.length };
    } catch (failure) {
      return { written: await keepWholeLines(handle, start), failure };
    }
  }
}

function dayOfSession(session: EndedSession | undefined): string {
  return session?.ended_at.slice(0, 10) ?? '';
}

/**
 * Takes back the part of a line that was written last. Whole lines stay, because a log shipper may have read
 * them; it takes a file that becomes shorter than what it has read for a new file.
 *
 * @param start the size before the write
 * @returns the number of lines that were written after `start`
 */
async function keepWholeLines(handle: FileHandle, start: number): Promise<number> {
  try {
    const end = await cutTornLine(handle, start);
    await handle.datasync();
    const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    let lines = 0;
    for (const byte of buffer) if (byte === LINE_BREAK) lines++;
    return lines;
  } catch {
    await handle.truncate(start).catch(() => {});
    return 0;
  }
}

/**
 * Cuts a last line without its end. A process that was killed while it wrote, or a full disk, leaves such a line.
 *
 * @param start where a line begins; nothing before it is cut
 * @returns the size after that
 */
async function cutTornLine(handle: FileHandle, start: number): Promise<number> {
  const { size } = await handle.stat();
  let whole = start;
  for (let end = size; end > start; end -= TAIL) {
    const length = Math.min(end - start, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, end - length);
    const lineEnd = buffer.lastIndexOf(LINE_BREAK);
    if (lineEnd < 0) continue;
    whole = end - length + lineEnd + 1;
    break;
  }
  if (whole < size) await handle.truncate(whole);
  return whole;
}
