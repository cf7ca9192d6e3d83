import { EventEmitter, once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { silentLog } from '../../../src/log.ts';
import { createApp } from '../../../src/web/app.ts';
import { MOST_OUTDATED_BYTES, SLOW_SCRAPE } from '../../../src/web/limits.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { statusSources } from '../../support/status-sources.ts';
import { scrapeOf, serveApp } from '../serve-app.ts';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Scrapes that wait until the test answers them, the oldest first. */
function deferredScrapes() {
  const waiting: (() => void)[] = [];
  return {
    count: () => waiting.length,
    answer: () => waiting.shift()?.(),
    async *scrape(): AsyncGenerator<Uint8Array[]> {
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield [Buffer.from('a 1\n')];
    },
  };
}

/** The raw answer to a request with only these headers; `fetch` would add headers and decompress the body. */
async function rawAnswer(url: string, headers: OutgoingHttpHeaders) {
  const [response] = (await once(get(url, { agent: false, headers }), 'response')) as [
    IncomingMessage,
  ];
  return { headers: response.headers, body: Buffer.concat(await response.toArray()) };
}

const identity = { 'Accept-Encoding': 'identity' };

describe('the format and encoding of a scrape', () => {
  it.each([
    [undefined, undefined, TEXT, undefined],
    [undefined, 'gzip', TEXT, 'gzip'],
    ['application/openmetrics-text', 'gzip, deflate, br', OPENMETRICS, 'gzip'],
    ['application/openmetrics-text', 'identity, gzip;q=0.5', OPENMETRICS, undefined],
    ['text/plain', 'gzip;q=0', TEXT, undefined],
    ['text/plain', '*', TEXT, 'gzip'],
    ['text/plain', 'br', TEXT, undefined],
    ['text/plain', 'identity;q=0, *;q=0', TEXT, undefined],
  ])('with Accept %s and Accept-Encoding %s', async (accept, encoding, type, encoded) => {
    const url = await serveApp();
    const { headers, body } = await rawAnswer(`${url}/metrics`, {
      ...(accept !== undefined && { Accept: accept }),
      ...(encoding !== undefined && { 'Accept-Encoding': encoding }),
    });
    expect(headers['content-type']).toBe(type);
    expect(headers['content-encoding']).toBe(encoded);
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect((encoded === 'gzip' ? gunzipSync(body) : body).toString()).toBe('a 1\nb 2\n');
  });

  it('HEAD is answered with the headers of GET and without a body', async () => {
    const url = await serveApp();
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map((method) => fetch(`${url}/metrics`, { method })),
    );
    for (const name of ['content-type', 'content-encoding', 'vary', 'cache-control']) {
      expect(head?.headers.get(name)).toBe(get?.headers.get(name));
    }
    expect(await head?.text()).toBe('');
  });
});

describe('the parts of a scrape', () => {
  it('are sent while later parts are still being rendered', async () => {
    const first = Buffer.alloc(64 * 1024, 'x');
    const arrived = new EventEmitter();
    const url = await serveApp({
      scrape: async function* () {
        yield [first];
        await once(arrived, 'first');
        yield [Buffer.from('b 2\n')];
      },
    });
    const { body } = await fetch(`${url}/metrics`, { headers: identity });
    let text = '';
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.length === first.length) arrived.emit('first');
    }
    expect(text).toBe(`${first}b 2\n`);
  });

  it.each([
    ['gzip', 'one chunk for several small pieces', ['8', 'a 1\nb 2\n']],
    // Scrapers that read slowly share the pieces of plain text, which would take much memory as copies.
    ['identity', 'a chunk for each piece', ['4', 'a 1\n', '4', 'b 2\n']],
  ])('with %s have %s, and a chunk for each large piece', async (encoding, _, small) => {
    const large = Buffer.alloc(64 * 1024, 'x');
    const url = await serveApp({
      scrape: async function* () {
        yield [Buffer.from('a 1\n'), Buffer.from('b 2\n'), large, Buffer.from('c 3\n')];
        yield [Buffer.from('d 4\n')];
      },
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`,
    );
    const [, body] = Buffer.concat(await socket.toArray())
      .toString()
      .split('\r\n\r\n');
    const chunks = [...small, '10000', `${large}`, '4', 'c 3\n', '4', 'd 4\n', '0'];
    expect(body).toBe(chunks.join('\r\n'));
  });

  it('reach a scraper with HTTP/1.0, which has no chunks, in one body with its length', async () => {
    const url = await serveApp({
      scrape: async function* () {
        yield [Buffer.from('a 1\n')];
        yield [Buffer.from('b 2\n')];
      },
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /metrics HTTP/1.0\r\n\r\n');
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/^content-length: 8\r\n/im);
    expect(answer.split('\r\n\r\n')[1]).toBe('a 1\nb 2\n');
  });
});

describe('too many scrapes at once', () => {
  it('are refused until others are answered, while other endpoints still answer', async () => {
    const { scrape, answer, count } = deferredScrapes();
    const url = await serveApp({ scrape, maxRequests: 2 });
    const first = [1, 2].map(() => fetch(`${url}/metrics`, { headers: identity }));
    await vi.waitFor(() => expect(count()).toBe(2));
    const refused = await fetch(`${url}/metrics`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.text()).toBe('2 scrapes are being answered already\n');
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);

    answer();
    await Promise.race(first);
    const third = fetch(`${url}/metrics`, { headers: identity });
    await vi.waitFor(() => expect(count()).toBe(2));
    answer();
    answer();
    for (const response of await Promise.all([...first, third])) expect(response.status).toBe(200);
  });

  it('do not count scrapers that have disconnected', async () => {
    const { scrape, count, answer } = deferredScrapes();
    const url = await serveApp({ scrape, maxRequests: 1 });
    const leaving = new AbortController();
    const abandoned = fetch(`${url}/metrics`, { signal: leaving.signal });
    await vi.waitFor(() => expect(count()).toBe(1));
    leaving.abort();
    await expect(abandoned).rejects.toThrow();
    answer();
    const next = fetch(`${url}/metrics`, { headers: identity });
    await vi.waitFor(() => expect(count()).toBe(1), { timeout: 5000 });
    answer();
    expect((await next).status).toBe(200);
  });
});

describe('slow scrapes', () => {
  /** Serves scrapes of one piece with this many bytes, on a clock that the test moves. */
  async function startServer(bytes: number, maxRequests: number) {
    const clock = new ManualClock();
    let scrapes = 0;
    const url = await serveApp({
      clock: { ...systemClock, monotonic: () => clock.monotonic() },
      maxRequests,
      // Each scrape has its own memory, as if the metrics had changed in between.
      scrape: async function* () {
        scrapes++;
        yield [Buffer.alloc(bytes, 'x')];
      },
    });
    const port = Number(new URL(url).port);
    /** Connects a scraper that sends a request and reads nothing. */
    const slowScraper = async () => {
      const socket = connect(port, '127.0.0.1').pause();
      socket.on('error', () => {});
      const before = scrapes;
      socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
      await vi.waitFor(() => expect(scrapes).toBe(before + 1));
      onTestFinished(() => void socket.destroy());
      return socket;
    };
    const status = async (): Promise<number> => {
      const answer = await fetch(`${url}/metrics`, { headers: identity });
      await answer.arrayBuffer();
      return answer.status;
    };
    /** The number of bytes that the client gets: fewer than all if the server has ended the answer early. */
    const bytesRead = async (socket: Socket): Promise<number> => {
      let read = 0;
      socket.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read >= bytes) socket.end();
      });
      await once(socket.resume(), 'close');
      return read;
    };
    return { clock, slowScraper, status, bytesRead };
  }
  const LARGE = 12 * 1024 * 1024;

  it('are ended early, the oldest first, when all slots are taken and a new scrape comes', async () => {
    const { clock, slowScraper, status, bytesRead } = await startServer(LARGE, 2);
    const oldest = await slowScraper();
    await clock.advance(1);
    const other = await slowScraper();
    expect(await status()).toBe(503);
    await clock.advance(SLOW_SCRAPE - 1);
    expect(await status()).toBe(200);
    expect(await bytesRead(oldest)).toBeLessThan(LARGE);
    expect(await bytesRead(other)).toBeGreaterThanOrEqual(LARGE);
  });

  it('hold a bounded number of bytes of outdated answers', async () => {
    const { clock, slowScraper, status, bytesRead } = await startServer(LARGE, 100);
    const sockets: Socket[] = [];
    for (let each = 0; each < 6; each++) sockets.push(await slowScraper());
    expect(await status()).toBe(200);
    await clock.advance(SLOW_SCRAPE);
    expect(await status()).toBe(200);
    const whole = await Promise.all(sockets.map(async (each) => (await bytesRead(each)) >= LARGE));
    const kept = Math.floor(MOST_OUTDATED_BYTES / LARGE);
    expect(whole).toEqual(sockets.map((_, index) => index >= sockets.length - kept));
  });

  it('may hold any number of bytes if there is only one', async () => {
    const bytes = 2 * MOST_OUTDATED_BYTES;
    const { clock, slowScraper, status, bytesRead } = await startServer(bytes, 100);
    const socket = await slowScraper();
    await clock.advance(SLOW_SCRAPE);
    expect(await status()).toBe(200);
    expect(await bytesRead(socket)).toBeGreaterThanOrEqual(bytes);
  });
});

describe('a scraper that reads slowly, or not at all', () => {
  const PIECE = Buffer.alloc(64 * 1024, 'x');
  const PIECES = 2000;
  async function* large(): AsyncGenerator<Uint8Array[]> {
    // The second part begins while bytes of the first are still waiting.
    const first = Array.from({ length: PIECES }, () => PIECE);
    const second = first.splice(PIECES / 2 + 1);
    yield first;
    yield second;
  }
  /**
   * The most bytes that may wait in the process for one scraper: those between two turns of the event loop, and
   * the last piece.
   */
  const MOST_WAITING = 5 * 1024 * 1024;

  async function connectWithoutReading(
    server: Server,
  ): Promise<{ client: Socket; served: Socket }> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    const client = connect(port, '127.0.0.1').pause();
    const [served] = (await connected) as [Socket];
    client.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    return { client, served };
  }

  it('makes no data pile up in memory, and gets the whole answer in the end', async () => {
    const app = createApp({
      telemetryPath: '/metrics',
      scrape: large,
      maxRequests: 1,
      onScrape: () => {},
      reasonsNotReady: () => [],
      status: statusSources(),
      clock: systemClock,
      log: silentLog(),
    });
    const server = createServer(app);
    onTestFinished(() => void server.close());
    const { client, served } = await connectWithoutReading(server);
    // The socket needs to drain when the operating system takes no more bytes.
    await vi.waitFor(() => expect(served.writableNeedDrain).toBe(true), { timeout: 10_000 });
    expect(served.writableLength).toBeLessThan(MOST_WAITING);

    let read = 0;
    client.on('data', (chunk) => {
      read += chunk.length;
      if (read >= PIECES * PIECE.length) client.end();
    });
    client.resume();
    await once(client, 'close');
    expect(read).toBeGreaterThanOrEqual(PIECES * PIECE.length);
  });

  it('does not differ from a quick one: other requests get turns while the answer is sent', async () => {
    let turns = 0;
    const clock: Clock = {
      ...systemClock,
      after(ms, callback) {
        turns++;
        return systemClock.after(ms, callback);
      },
    };
    const url = await serveApp({ scrape: large, clock });
    const { body } = await rawAnswer(`${url}/metrics`, identity);
    expect(body.length).toBe(PIECES * PIECE.length);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(body.length / MOST_WAITING));
  });

  it('causes no error when it disconnects in the middle', async () => {
    const errors: string[] = [];
    let scraped = 0;
    const url = await serveApp({
      scrape: large,
      maxRequests: 1,
      onScrape: () => scraped++,
      log: {
        ...silentLog(),
        error: (...args: unknown[]) => void errors.push(JSON.stringify(args)),
      },
    });
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    client.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(client, 'data');
    client.destroy();
    await vi.waitFor(async () => {
      const next = await fetch(`${url}/metrics`, { method: 'HEAD', headers: identity });
      expect(next.status).toBe(200);
    });
    expect({ errors, scraped }).toEqual({ errors: [], scraped: 1 });
  });

  it('does not delay other scrapers', async () => {
    const url = await serveApp({ scrape: scrapeOf('a 1\n'), maxRequests: 3 });
    const client = connect(Number(new URL(url).port), '127.0.0.1').pause();
    client.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    for (let round = 0; round < 5; round++) {
      expect((await fetch(`${url}/metrics`)).status).toBe(200);
    }
    client.destroy();
  });
});
