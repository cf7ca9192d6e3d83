import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, SECOND, sleep } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { makeStateFolder, stateFolder } from '../directory.ts';
import { writeStateFile } from '../state-file.ts';
import type { LoadedFile } from './load-state.ts';
import { type StateSource, type Subject, subjectsOf } from './subjects.ts';

export interface Pace {
  readonly filesAtATime: number;
  /** Milliseconds after each file. */
  readonly pause: number;
}

/**
 * While the process runs, a large fleet must keep neither the disk nor the processor busy: every file is forced onto
 * the disk, which takes a slow disk 30 ms, and costs some 2 ms of processor time. 200 files take 30 s, and 1,000 take
 * 150 s. When the process ends, it has 4 s, and a disk takes several files together nearly as fast as a single one.
 */
export const PACES = {
  running: { filesAtATime: 1, pause: 0.15 * SECOND },
  ending: { filesAtATime: 8, pause: 0 },
} as const satisfies Record<string, Pace>;

interface KnownFile {
  readonly account: string;
  readonly bytes: number;
  /** Absent when an earlier process has written the file. */
  readonly marks?: Subject['marks'];
}

export interface StateWriterOptions {
  readonly storagePath: string;
  readonly clock: Clock;
  readonly source: StateSource;
  /** Called between taking the data of a file and writing it. If it throws, the file is not written. */
  readonly beforeWrite: () => Promise<void>;
}

/** Writes the accounts and instances that have changed, and deletes the files of those that are gone. */
export class StateWriter {
  readonly #options: StateWriterOptions;
  readonly #files = new Map<string, KnownFile>();

  constructor(options: StateWriterOptions) {
    this.#options = options;
  }

  /** The bytes of all files. */
  get size(): number {
    let bytes = 0;
    for (const file of this.#files.values()) bytes += file.bytes;
    return bytes;
  }

  /** Notes a file that an earlier process has written. */
  found({ fileName, account, bytes }: LoadedFile): void {
    this.#files.set(fileName, { account, bytes });
  }

  /** Whether there is a file to write or to delete. */
  hasWork(): boolean {
    return !this.#changed().next().done || this.#obsolete().length > 0;
  }

  /**
   * Writes and deletes files.
   *
   * @param signal leaves the rest for later
   * @throws the first error, after every file was tried
   */
  async write({ filesAtATime, pause }: Pace, signal: AbortSignal): Promise<void> {
    const { clock, storagePath } = this.#options;
    await makeStateFolder(storagePath);
    const failures: unknown[] = [];
    const noteFailure = (error: unknown): void => void failures.push(error);
    const changed = [...this.#changed()].values();
    const writeSome = async (): Promise<void> => {
      for (const subject of changed) {
        if (signal.aborted) return;
        await this.#write(subject).catch(noteFailure);
        if (pause > 0) await sleep(clock, pause, signal).catch(() => {});
      }
    };
    await Promise.all(Array.from({ length: filesAtATime }, writeSome));
    for (const fileName of this.#obsolete()) await this.#delete(fileName).catch(noteFailure);
    if (failures.length > 0) throw failures[0];
  }

  async #write({ fileName, account, marks, slices }: Subject): Promise<void> {
    const { beforeWrite, clock } = this.#options;
    const data = slices();
    await beforeWrite();
    const bytes = await writeStateFile(this.#pathOf(fileName), data, clock);
    this.#files.set(fileName, { account, bytes, marks });
  }

  async #delete(fileName: string): Promise<void> {
    // The last sessions of a released instance must be in the history before its state is gone.
    await this.#options.beforeWrite();
    await rm(this.#pathOf(fileName), { force: true });
    this.#files.delete(fileName);
  }

  *#changed(): Generator<Subject> {
    const { source, clock } = this.#options;
    for (const subject of subjectsOf(source, clock)) {
      if (!areSame(subject.marks, this.#files.get(subject.fileName)?.marks)) yield subject;
    }
  }

  /** The files of accounts and instances that are certainly gone. */
  #obsolete(): readonly string[] {
    const { source, clock } = this.#options;
    const wanted = new Set(Array.from(subjectsOf(source, clock), ({ fileName }) => fileName));
    return [...this.#files]
      .filter(
        ([fileName, { account }]) => !wanted.has(fileName) && isSettled(source.fleet, account),
      )
      .map(([fileName]) => fileName);
  }

  #pathOf(fileName: string): string {
    return join(stateFolder(this.#options.storagePath), fileName);
  }
}

/**
 * Whether the fleet has every instance of the account that exists: the account is not configured any more, or
 * this process has discovered it everywhere.
 */
function isSettled(fleet: Fleet, account: string): boolean {
  const record = [...fleet.accounts].find(({ name }) => name === account);
  if (!record) return true;
  const regions = fleet.regionsOf(account);
  return (
    !record.regionsPending &&
    regions.length > 0 &&
    regions.every(({ discovery }) => discovery.hasEnded && discovery.ended === 'well')
  );
}

function areSame(marks: readonly unknown[], others: readonly unknown[] | undefined): boolean {
  return marks.length === others?.length && marks.every((mark, index) => mark === others[index]);
}
