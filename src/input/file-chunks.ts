import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import pLimit from 'p-limit';
import { type Clock, SECOND, sleep, systemClock } from '../clock.ts';
import { UnusableFileError } from './text-of-bytes.ts';

/** How a file is read. */
export interface FileOptions {
  /**
   * Whether a pipe or a device such as /dev/stdin is read, too. Only where the file is read once.
   *
   * @default false
   */
  readonly mayBePipe?: boolean;
  readonly clock?: Clock;
  /** @default that of the file system */
  readonly open?: (path: string, flags: number) => Promise<OpenFile>;
}

/** What is used of an open file. */
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

/** A file system that takes longer to answer is taken for one that never will. */
const PATIENCE = 10 * SECOND;
/** What writes into a pipe may ask a person or a server first. */
const PIPE_PATIENCE = 30 * SECOND;
/** How often a pipe is looked into. */
const LOOK = 0.05 * SECOND;
const CHUNK = 2 ** 16;

/**
 * An operation that hangs keeps one of the four threads in which Node.js does all that concerns files and
 * names of hosts. Two may hang; then there is still a thread for everything else.
 */
const MOST_HANGING = 2;
const turns = pLimit(MOST_HANGING);
let hanging = 0;

/**
 * What a file holds, part by part. It is opened without waiting for the other end of a pipe, and no
 * operation is waited for longer than a time limit.
 *
 * @throws UnusableFileError when it is no file or does not answer; errors of the system
 */
export async function* fileChunks(
  path: string,
  { mayBePipe = false, clock = systemClock, open: openFile = open }: FileOptions = {},
): AsyncGenerator<Buffer> {
  const file = await answered(
    clock,
    () => openFile(path, constants.O_RDONLY | constants.O_NONBLOCK),
    (late) => late.close(),
  );
  try {
    const stats = await answered(clock, () => file.stat());
    if (stats.isFile()) yield* chunksOfFile(file, clock);
    else if (mayBePipe && (stats.isFIFO() || stats.isCharacterDevice())) {
      yield* chunksOfPipe(file, stats, clock);
    } else throw new UnusableFileError('NOT_A_FILE', kindOf(stats));
  } finally {
    // Closing may hang as well.
    void file.close().catch(() => {});
  }
}

async function* chunksOfFile(file: OpenFile, clock: Clock): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = await nextChunk(file, clock);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

/** A pipe that gives nothing at first may not have been opened for writing yet: that is not its end. */
async function* chunksOfPipe(file: OpenFile, stats: Stats, clock: Clock): AsyncGenerator<Buffer> {
  const deadline = clock.monotonic() + PIPE_PATIENCE;
  let wasWritten = !stats.isFIFO();
  while (clock.monotonic() < deadline) {
    const chunk = await nextChunk(file, clock).catch(unlessEmpty);
    if (chunk && chunk.length > 0) {
      wasWritten = true;
      yield chunk;
    } else if (chunk && wasWritten) return;
    else await sleep(clock, LOOK);
  }
  throw new UnusableFileError(
    'NO_ANSWER',
    `a pipe that is not written to its end within ${PIPE_PATIENCE / SECOND} s`,
  );
}

/** Undefined: there is a writer that has not written yet. */
function unlessEmpty(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
  throw error;
}

async function nextChunk(file: OpenFile, clock: Clock): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  const { bytesRead } = await answered(clock, () => file.read(buffer, 0, CHUNK, null));
  return buffer.subarray(0, bytesRead);
}

/**
 * What an operation of the file system gives, unless it takes too long.
 *
 * @param discard gets what it gives too late
 */
async function answered<Outcome>(
  clock: Clock,
  operation: () => Promise<Outcome>,
  discard: (late: Outcome) => unknown = () => {},
): Promise<Outcome> {
  if (hanging >= MOST_HANGING) throw noAnswer();
  const waiting = new AbortController();
  let isLate = false;
  const outcome = turns(async () => {
    if (isLate) throw noAnswer();
    const given = await operation();
    if (isLate) discard(given);
    return given;
  });
  outcome
    .catch(() => {})
    .finally(() => {
      if (isLate) hanging--;
    });
  const limit = sleep(clock, PATIENCE, waiting.signal).then(() => {
    isLate = true;
    hanging++;
    throw noAnswer();
  });
  limit.catch(() => {});
  return Promise.race([outcome, limit]).finally(() => waiting.abort());
}

function noAnswer(): UnusableFileError {
  return new UnusableFileError(
    'NO_ANSWER',
    `one whose file system does not answer within ${PATIENCE / SECOND} s`,
  );
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe, which can be read only once';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
  return 'something that is no file';
}
