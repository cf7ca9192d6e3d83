import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, NOBODY_ONLINE, read, startExchange, until } from '../../calls.ts';

const MIB = 2 ** 20;
const PATIENT = { timeout: 60_000 };

/** A reply that begins with blanks, which JSON allows, of this many bytes. */
const blanks = (bytes: number): Buffer => Buffer.alloc(bytes, ' ');

describe('a reply of more than 64 MiB', () => {
  it('is cut off before it is complete', PATIENT, async () => {
    const piece = blanks(MIB);
    let sent = 0;
    const { client, server } = await startExchange(
      (response) => {
        const send = (): void => {
          if (response.destroyed) return;
          sent++;
          if (response.write(piece)) setImmediate(send);
          else response.once('drain', send);
        };
        send();
      },
      { timeout: 50_000 },
    );
    const error = await failureOf(read(client));
    expect(error).toMatchObject({ kind: 'malformed', httpStatus: 200 });
    expect(error.message).toContain('a reply of more than 64 MiB');
    await until(() => server.closed === 1);
    expect(sent).toBeGreaterThan(64);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('is cut off when it only unfolds to that, by %s', PATIENT, async (encoding, pack) => {
    const body = pack(blanks(200 * MIB));
    expect(body.length).toBeLessThan(MIB);
    const { client } = await startExchange(
      (response) => {
        response.writeHead(200, { 'content-encoding': encoding });
        response.end(body);
      },
      { timeout: 50_000 },
    );
    const error = await failureOf(read(client));
    expect(error.kind).toBe('malformed');
    expect(error.message).toContain('a reply of more than 64 MiB');
  });

  it('does not spoil the next call', PATIENT, async () => {
    const huge = gzipSync(blanks(65 * MIB));
    let first = true;
    const { client } = await startExchange(
      (response) => {
        response.writeHead(200, first ? { 'content-encoding': 'gzip' } : {});
        response.end(first ? huge : NOBODY_ONLINE);
        first = false;
      },
      { timeout: 50_000 },
    );
    await failureOf(read(client));
    await expect(read(client)).resolves.toEqual([]);
  });
});

describe('a reply of more values than can be parsed in time', () => {
  it.each([
    ['as it is', {}, (body: Buffer) => body],
    ['by gzip', { 'content-encoding': 'gzip' }, gzipSync],
  ] as const)('is cut off, %s', PATIENT, async (_, headers, pack) => {
    const objects = '{},'.repeat(5_000_000);
    const body = pack(Buffer.from(`{"Users":{"User":[${objects}{}]}}`));
    const { client } = await startExchange(
      (response) => {
        response.writeHead(200, headers);
        response.end(body);
      },
      { timeout: 50_000 },
    );
    const error = await failureOf(read(client));
    expect(error).toMatchObject({ kind: 'malformed', httpStatus: 200 });
    expect(error.message).toContain('a reply of more than 250000 values');
  });

  it(
    'is not confused with a compressed reply whose bytes look like many values',
    PATIENT,
    async () => {
      // Compressed text is as random as this: some 100,000 bytes of 8 MiB are commas, brackets and braces.
      const noise = randomBytes(24 * MIB).toString('base64');
      const body = gzipSync(`{"Users":{"User":[]},"Noise":"${noise}"}`, { level: 1 });
      expect(
        body.filter((byte) => ',[{'.includes(String.fromCharCode(byte))).length,
      ).toBeGreaterThan(250_000);
      const { client } = await startExchange(
        (response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' });
          response.end(body);
        },
        { timeout: 50_000 },
      );
      await expect(read(client)).resolves.toEqual([]);
    },
  );
});

it(
  'replies of more than 64 MiB together are cut off, and later replies are read again',
  PATIENT,
  async () => {
    let begun = 0;
    let isHuge = true;
    const ends: (() => void)[] = [];
    const { client } = await startExchange(
      (response) => {
        response.setHeader('connection', 'close');
        if (isHuge) {
          response.write(blanks(20 * MIB), () => begun++);
          ends.push(() => response.end(NOBODY_ONLINE));
        } else {
          response.end(NOBODY_ONLINE);
        }
      },
      { timeout: 50_000 },
    );
    const all = Promise.allSettled(Array.from({ length: 4 }, () => read(client)));
    await until(() => begun === 4);
    for (const end of ends) end();
    const failures = (await all).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failures.map(({ message }) => message)).toEqual([
      'DescribeUserOnlineClients: replies of more than 64 MiB together',
    ]);
    isHuge = false;
    for (let each = 0; each < 5; each++) await expect(read(client)).resolves.toEqual([]);
  },
);

describe('a reply of less', () => {
  it.each([
    ['as it is', {}, (body: Buffer) => body],
    ['by gzip', { 'content-encoding': 'gzip' }, gzipSync],
    ['by deflate', { 'content-encoding': 'deflate' }, deflateSync],
  ] as const)('is read, %s', PATIENT, async (_, headers, pack) => {
    const body = pack(Buffer.concat([blanks(8 * MIB), Buffer.from(NOBODY_ONLINE)]));
    const { client } = await startExchange(
      (response) => {
        response.writeHead(200, headers);
        response.end(body);
      },
      { timeout: 50_000 },
    );
    await expect(read(client)).resolves.toEqual([]);
  });
});
