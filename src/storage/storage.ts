import { type Clock, SECOND, sleep } from '../clock.ts';
import type { Log } from '../log.ts';
import { codeOf, writeFailureOf } from '../system-error.ts';
import { openDirectory } from './directory.ts';
import type { Lock } from './lock.ts';
import { type LoadedState, loadState } from './state/load-state.ts';
import { PACES, type Pace, StateWriter } from './state/state-writer.ts';
import type { StateSource } from './state/subjects.ts';

export interface StorageOptions {
  /** The storage directory. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly source: StateSource;
  /**
   * Called once, as soon as this process holds the directory.
   *
   * @param left the state that an earlier process has left
   * @param options.isLate whether another process has held the directory at the start of this one, so that this process
   *   has newer state
   */
  readonly onHeld: (left: LoadedState, options: { readonly isLate: boolean }) => void;
  /** See StateWriterOptions. */
  readonly beforeWrite: () => Promise<void>;
  /** Called at the end, after the last write and before another process may hold the directory. */
  readonly beforeRelease: () => Promise<void>;
  /** Called when all of the state is on disk. @param at seconds since the epoch */
  readonly onWritten: (at: number) => void;
  /** Called when some state cannot be kept. */
  readonly onFailed: () => void;
}

/** Milliseconds from the start of a write to the start of the next, while something changes. */
const WRITE_INTERVAL = 30 * SECOND;

/** Milliseconds between two checks of whether something has changed. */
const CHECK_INTERVAL = SECOND;

/** Milliseconds from the start to the first write. A small fleet has ended its first passes by then. */
const FIRST_WRITE = 5 * SECOND;

/** Milliseconds between two attempts to hold the directory. */
const HOLD_INTERVAL = 10 * SECOND;

const TAKEN = 'another process uses it, and nothing is kept until that process has ended';

/**
 * Keeps the state of this process in the storage directory, from which the next process takes it. While that is
 * impossible, nothing else is disturbed: the reason is logged once and shown, and it is tried again.
 */
export class Storage {
  readonly #options: StorageOptions;
  readonly #writer: StateWriter;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #lock: Lock | undefined;
  #problem: string | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
    this.#writer = new StateWriter({ ...options, storagePath: options.path });
  }

  /** Why the state is not kept at the moment; undefined when it is kept. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The bytes of the state files. */
  get stateSize(): number {
    return this.#writer.size;
  }

  /** Tries to hold the directory, and resolves when the state in it was given to `onHeld`, if it is held. */
  async open(): Promise<void> {
    await this.#hold({ isLate: false });
  }

  /** Begins to write the state while it changes. */
  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Writes what has changed and lets go of the directory. The source must not change any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (!this.#lock) return;
    await this.#write(PACES.ending, new AbortController().signal);
    await this.#options.beforeRelease();
    await this.#lock.release();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await sleep(clock, FIRST_WRITE, signal).catch(() => {});
    while (!signal.aborted) {
      const begun = clock.monotonic();
      const interval = await this.#turn(signal);
      const left = interval - (clock.monotonic() - begun);
      await sleep(clock, Math.max(0, left), signal).catch(() => {});
    }
  }

  /** Does what there is to do. @returns milliseconds until the next turn */
  async #turn(signal: AbortSignal): Promise<number> {
    if (!this.#lock) await this.#hold({ isLate: true });
    if (!this.#lock) return HOLD_INTERVAL;
    if (!this.#writer.hasWork()) return CHECK_INTERVAL;
    await this.#write(PACES.running, signal);
    return WRITE_INTERVAL;
  }

  async #hold({ isLate }: { readonly isLate: boolean }): Promise<void> {
    const { path, clock, log, onHeld } = this.#options;
    try {
      const lock = await openDirectory(path);
      if (lock === 'taken') {
        this.#fails(TAKEN);
        return;
      }
      const left = await loadState(path, { clock, log }).catch(async (error: unknown) => {
        await lock.release();
        throw error;
      });
      this.#lock = lock;
      for (const file of left.files) this.#writer.found(file);
      onHeld(left, { isLate });
    } catch (error) {
      this.#fails(reasonOf(error));
    }
  }

  async #write(pace: Pace, signal: AbortSignal): Promise<void> {
    const { clock, onWritten } = this.#options;
    try {
      await this.#writer.write(pace, signal);
      if (signal.aborted) return;
      this.#works();
      onWritten(clock.now() / SECOND);
    } catch (error) {
      this.#fails(reasonOf(error));
    }
  }

  #fails(reason: string): void {
    const { path, log, onFailed } = this.#options;
    onFailed();
    if (this.#problem === reason) return;
    this.#problem = reason;
    log.error(
      { directory: path, reason },
      `the state cannot be kept in the storage directory: ${reason}; everything else goes on, and it is tried again`,
    );
  }

  #works(): void {
    const { path, log } = this.#options;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    log.info({ directory: path }, 'the state is kept in the storage directory again');
  }
}

/** The reason for people. It has no paths, so that it is the same for every file. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === '') return String(error);
  const reason =
    code === 'EACCES' ? 'no permission to write in this directory' : writeFailureOf(error);
  return reason === undefined ? code : `${reason} (${code})`;
}
