import { readFile, rename, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { writeFile } from 'atomically';
import type { z } from 'zod';
import { type Clock, inSlices } from '../clock.ts';
import { codeOf } from '../system-error.ts';

/** Only the exporter's own user may read what is known of people. */
const OWNER_ONLY = 0o600;

/** The fastest level: level 6 makes users' lists 15 % smaller and takes three times as long. */
const LEVEL = 1;

/**
 * Bytes that a file may unpack to. 100,000 users take 20 MB; a file that unpacks to more was not written by
 * the exporter and could exhaust the memory.
 */
const LARGEST = 512 * 2 ** 20;

/** Characters packed at a time. Each time costs a change of threads. */
const PACKED_TOGETHER = 2 ** 16;

const unzip = promisify(gunzip);

export interface StateFormat<Content> {
  readonly version: number;
  readonly schema: z.ZodType<Content>;
}

/** Why a file cannot be used, for the log: `not gzip'd JSON`, `version 3, written by a newer exporter`. */
export class UnreadableStateError extends Error {
  override name = 'UnreadableStateError';
}

/**
 * Replaces a file as a whole by gzip'd JSON: a process that is killed at any moment leaves the old file or
 * the new one.
 *
 * @param slices pieces of the JSON text; the event loop is free between them
 * @returns the bytes written
 * @throws Error with the system's code; the old file is as it was
 */
export async function writeStateFile(
  path: string,
  slices: Iterable<string>,
  clock: Clock,
): Promise<number> {
  const packed = await compress(slices, clock);
  // As a stream: a nearly full disk may take a part of a buffer without an error, and a stream writes the rest.
  await writeFile(path, Readable.from([packed]), { mode: OWNER_ONLY });
  return packed.length;
}

async function compress(slices: Iterable<string>, clock: Clock): Promise<Buffer> {
  const gzip = createGzip({ level: LEVEL });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => gzip.on('end', resolve).on('error', reject));
  await inSlices(clock, feed(gzip, slices));
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

function* feed(gzip: NodeJS.WritableStream, slices: Iterable<string>): Generator<undefined, void> {
  let text = '';
  for (const slice of slices) {
    text += slice;
    if (text.length >= PACKED_TOGETHER) {
      gzip.write(text);
      text = '';
    }
    yield undefined;
  }
  gzip.write(text);
}

/**
 * Reads a state file back.
 *
 * @returns undefined when there is none
 * @throws UnreadableStateError when it cannot be used: cut, not written by the exporter, of a newer version
 * @throws Error with the system's code when the file cannot be read at the moment
 */
export async function readStateFile<Content>(
  path: string,
  { version, schema }: StateFormat<Content>,
): Promise<Content | undefined> {
  let packed: Buffer;
  try {
    const found = await stat(path);
    // Reading a pipe would wait for ever. Reading a directory fails by itself.
    if (!found.isFile() && !found.isDirectory()) throw new UnreadableStateError('it is not a file');
    packed = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const content = await parse(packed);
  const found = versionOf(content);
  if (found !== version) {
    throw new UnreadableStateError(
      found === undefined
        ? 'it has no version'
        : `it has version ${found}, this exporter reads version ${version}`,
    );
  }
  const checked = schema.safeParse(content);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new UnreadableStateError(
    `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unusable'}`,
  );
}

async function parse(packed: Buffer): Promise<unknown> {
  try {
    const text = await unzip(packed, { maxOutputLength: LARGEST });
    return JSON.parse(text.toString('utf8'));
  } catch {
    throw new UnreadableStateError("it is cut, or is not gzip'd JSON");
  }
}

function versionOf(content: unknown): number | undefined {
  if (typeof content !== 'object' || content === null || !('version' in content)) return undefined;
  return typeof content.version === 'number' ? content.version : undefined;
}

/** The end of the names of files that cannot be used. */
export const UNREADABLE = '.unreadable';

/**
 * Renames a file that cannot be used, so that it can be looked at and does not stand in the way. Replaces an
 * older one.
 */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}${UNREADABLE}`;
  await rename(path, aside);
  return aside;
}
