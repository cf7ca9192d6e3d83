import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from '../../system-error.ts';

/**
 * Bytes read at a time. Also the longest line: a longer one was not written by the exporter, and is passed
 * over.
 */
const CHUNK = 2 ** 20;

const LINE_BREAK = 0x0a;

/** A line without its line break: the bytes from `start` up to `end`, exclusive. */
export type LineTest = (bytes: Uint8Array, start: number, end: number) => boolean;

/**
 * Reads the lines of a file that pass a test, some at a time. Most lines of a long history do not pass, so they
 * are tested as bytes and never become texts. A last line without its end is left out, because it may be in
 * the course of being written.
 *
 * @throws Error with the system's code
 */
export async function* linesPassing(
  path: string,
  passes: LineTest,
): AsyncGenerator<readonly string[], void> {
  const file = await openUnlessGone(path);
  if (!file) return;
  try {
    yield* linesOf(file, passes);
  } finally {
    await file.close();
  }
}

/** The file may have been deleted since it was listed. */
async function openUnlessGone(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function* linesOf(
  file: FileHandle,
  passes: LineTest,
): AsyncGenerator<readonly string[], void> {
  const buffer = Buffer.alloc(CHUNK);
  /** Bytes at the start of the buffer that belong to a line whose end is not read yet. */
  let kept = 0;
  let isTooLong = false;
  for (;;) {
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept);
    if (bytesRead === 0) return;
    const filled = buffer.subarray(0, kept + bytesRead);
    const lines: string[] = [];
    let start = 0;
    for (let end = filled.indexOf(LINE_BREAK); end >= 0; end = filled.indexOf(LINE_BREAK, start)) {
      if (!isTooLong && passes(filled, start, end)) lines.push(filled.toString('utf8', start, end));
      isTooLong = false;
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    filled.copyWithin(0, start);
    kept = filled.length - start;
    if (kept === buffer.length) {
      isTooLong = true;
      kept = 0;
    }
  }
}
