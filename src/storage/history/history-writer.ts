import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, DAY } from '../../clock.ts';
import { dayFileName, dayOf, dayOfFile } from './day-file.ts';
import { type EndedSession, lineOf } from './ended-session.ts';

const OWNER_ONLY = { file: 0o600, directory: 0o700 } as const;

/** Bytes read at a time, from the end of a file, to find its last line break; a line has some 300. */
const TAIL = 64 * 1024;

export interface HistoryOptions {
  readonly directory: string;
  /** Milliseconds that a day is kept after it ended. */
  readonly keep: number;
  readonly clock: Clock;
}

/**
 * Appends ended sessions to a file for each day in UTC. A file only ever grows by whole lines, so a log
 * shipper can follow it. A session is written to the file of the day on which it ended.
 */
export class HistoryWriter {
  readonly #options: HistoryOptions;
  #file: { readonly day: string; readonly handle: FileHandle } | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** @throws Error with the system's code; then none or some of the lines are written, each of those whole */
  async append(sessions: readonly EndedSession[]): Promise<void> {
    const linesByDay = new Map<string, string>();
    for (const session of sessions) {
      const day = session.ended_at.slice(0, 10);
      linesByDay.set(day, (linesByDay.get(day) ?? '') + lineOf(session));
    }
    for (const [day, lines] of linesByDay) await this.#write(await this.#open(day), lines);
  }

  /** Deletes the files of days that ended longer ago than they are kept. */
  async prune(): Promise<void> {
    const { directory, keep, clock } = this.#options;
    const oldestKept = dayOf(clock.now() - keep - DAY);
    for (const name of await readdir(directory).catch(() => [])) {
      const day = dayOfFile(name);
      if (day !== undefined && day < oldestKept) await rm(join(directory, name), { force: true });
    }
  }

  async size(): Promise<number> {
    const { directory } = this.#options;
    let bytes = 0;
    for (const name of await readdir(directory).catch(() => [])) {
      if (dayOfFile(name) !== undefined) bytes += (await stat(join(directory, name))).size;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  async #open(day: string): Promise<FileHandle> {
    if (this.#file?.day === day) return this.#file.handle;
    await this.close();
    const { directory } = this.#options;
    await mkdir(directory, { recursive: true, mode: OWNER_ONLY.directory });
    const handle = await open(join(directory, dayFileName(day)), 'a+', OWNER_ONLY.file);
    this.#file = { day, handle };
    await cutTornLine(handle);
    return handle;
  }

  /** A part of a line is taken back, so that the lines that follow are whole. */
  async #write(handle: FileHandle, text: string): Promise<void> {
    const { size } = await handle.stat();
    try {
      await handle.writeFile(text);
      await handle.datasync();
    } catch (error) {
      await handle.truncate(size).catch(() => {});
      throw error;
    }
  }
}

/** A process that was killed while it wrote leaves a last line without its end. */
async function cutTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  for (let end = size; end > 0; end -= TAIL) {
    const length = Math.min(end, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, end - length);
    const lineEnd = buffer.lastIndexOf('\n');
    if (lineEnd < 0) continue;
    const whole = end - length + lineEnd + 1;
    if (whole < size) await handle.truncate(whole);
    return;
  }
  await handle.truncate(0);
}
