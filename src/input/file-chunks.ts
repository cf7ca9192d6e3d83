import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Clock, SECOND, sleep, systemClock } from '../clock.ts';
import { codeOf } from '../system-error.ts';
import { UnusableFileError } from './text-of-bytes.ts';
import { withinTimeout } from './within-timeout.ts';

export interface FileOptions {
  /**
   * Whether a pipe or a device such as /dev/stdin may be read as well. It can be read only once.
   *
   * @default false
   */
  readonly mayBePipe?: boolean;
  readonly clock?: Clock;
  /** @default `open` of node:fs/promises */
  readonly open?: (path: string, flags: number) => Promise<OpenFile>;
}

/** The part of a FileHandle that reading needs. */
export interface OpenFile {
  stat(): Promise<Stats>;
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: null,
  ): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** Time limit for a whole pipe. The program that writes into it may ask a person or a server first. */
const PIPE_TIMEOUT = 30 * SECOND;
/** Milliseconds before an empty pipe is read again. */
const PIPE_PAUSE = 0.05 * SECOND;
const MAX_CHUNK_BYTES = 2 ** 16;
/** Files in /proc and /sys say that they are empty. */
const MIN_CHUNK_BYTES = 2 ** 12;

/**
 * Reads a file in chunks. Opening does not wait for the other end of a pipe, and each operation has a time
 * limit.
 *
 * @throws UnusableFileError when the path is not a file or the file system does not answer, and errors of the
 * system
 */
export async function* fileChunks(
  path: string,
  { mayBePipe = false, clock = systemClock, open: openFile = open }: FileOptions = {},
): AsyncGenerator<Buffer> {
  const file = await withinTimeout(
    clock,
    () => openFile(path, constants.O_RDONLY | constants.O_NONBLOCK),
    (late) => late.close(),
  );
  try {
    const stats = await withinTimeout(clock, () => file.stat());
    if (stats.isFile()) yield* chunksOfFile(file, stats, clock);
    else if (mayBePipe && (stats.isFIFO() || stats.isCharacterDevice())) {
      yield* chunksOfPipe(file, stats, clock);
    } else throw new UnusableFileError('NOT_A_FILE', kindOf(stats));
  } finally {
    // Closing may hang as well.
    void file.close().catch(() => {});
  }
}

async function* chunksOfFile(
  file: OpenFile,
  { size }: Stats,
  clock: Clock,
): AsyncGenerator<Buffer> {
  // One byte more than the size, so that a file that has grown since is read in the same chunk.
  const bytes = Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, size + 1));
  for (;;) {
    const chunk = await nextChunk(file, bytes, clock);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

/**
 * An empty read is the end of a pipe only after something was read. Before that, the writer may not have
 * opened the pipe yet.
 */
async function* chunksOfPipe(file: OpenFile, stats: Stats, clock: Clock): AsyncGenerator<Buffer> {
  const deadline = clock.monotonic() + PIPE_TIMEOUT;
  let wasWritten = !stats.isFIFO();
  while (clock.monotonic() < deadline) {
    const chunk = await nextChunk(file, MAX_CHUNK_BYTES, clock).catch(unlessEmpty);
    if (chunk && chunk.length > 0) {
      wasWritten = true;
      yield chunk;
    } else if (chunk && wasWritten) return;
    else await sleep(clock, PIPE_PAUSE);
  }
  throw new UnusableFileError(
    'NO_ANSWER',
    `a pipe that is not written to its end within ${PIPE_TIMEOUT / SECOND} s`,
  );
}

/** Undefined when the pipe has been opened for writing and nothing has been written yet. */
function unlessEmpty(error: unknown): undefined {
  if (codeOf(error) === 'EAGAIN') return undefined;
  throw error;
}

async function nextChunk(file: OpenFile, bytes: number, clock: Clock): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await withinTimeout(clock, () => file.read(buffer, 0, bytes, null));
  return buffer.subarray(0, bytesRead);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe, which can be read only once';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
  return 'something that is not a file';
}
