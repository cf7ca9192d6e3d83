import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  FLOOD_FACTOR,
  LONGEST_ANSWER,
  MOST_CONNECTIONS,
  MOST_WAITING_REQUESTS,
  TIME_TO_SEND,
} from '../../../src/web/limits.ts';
import { listen } from '../../../src/web/server/listen.ts';
import {
  joined,
  type ListenAddress,
  parseListenAddress,
} from '../../../src/web/server/listen-address.ts';
import { ask } from '../../support/ask.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { StoppedClock } from '../../support/stopped-clock.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

async function open(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

describe('a listen address', () => {
  it.each<[string, ListenAddress]>([
    [':10313', { port: 10_313 }],
    [':0', { port: 0 }],
    ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }],
    ['[::1]:10313', { host: '::1', port: 10_313 }],
    ['[::]:0', { host: '::', port: 0 }],
    ['[fe80::1%eth0]:1', { host: 'fe80::1%eth0', port: 1 }],
  ])('may be %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  it.each([
    '',
    '10313',
    '127.0.0.1',
    '127.0.0.1:',
    ':65536',
    ':100000',
    ':-1',
    ':http',
    ':1.5',
    '::1:10313',
    '[::1]',
    '[]:80',
    '[localhost]:80',
    'http://127.0.0.1:80',
    'local host:80',
    ':80 ',
    ':80\n',
  ])('may not be %j', (text) => {
    expect(() => parseListenAddress(text)).toThrow(
      `expected a listen address such as :10313, 127.0.0.1:10313 or [::1]:10313; got "${text}"`,
    );
  });
});

describe('listening', () => {
  it('on port 0 picks a free port and reports it', async () => {
    const listener = await listen(express(), LOOPBACK);
    onTestFinished(() => listener.stop());
    expect(listener.port).toBeGreaterThan(0);
    expect(listener.address).toBe(`127.0.0.1:${listener.port}`);
  });

  it('on an IPv6 address reports it in brackets', async () => {
    const listener = await listen(express(), { host: '::1', port: 0 });
    onTestFinished(() => listener.stop());
    expect(listener.address).toBe(`[::1]:${listener.port}`);
    expect((await fetch(`http://${listener.address}/`)).status).toBe(404);
  });

  it('without a host can be reached on the loopback interface', async () => {
    const listener = await listen(express(), { port: 0 });
    onTestFinished(() => listener.stop());
    expect((await fetch(`http://127.0.0.1:${listener.port}/`)).status).toBe(404);
  });

  it('on a host name can be reached at every address of the name, at one port', async () => {
    const listener = await listen(express(), { host: 'localhost', port: 0 });
    onTestFinished(() => listener.stop());
    const found = await lookup('localhost', { all: true });
    expect([...listener.addresses].sort()).toEqual(
      [...new Set(found.map(({ address }) => joined(address, listener.port)))].sort(),
    );
    for (const address of listener.addresses) {
      expect((await fetch(`http://${address}/`)).status).toBe(404);
    }
  });

  it('on a host name without an address fails with a message', async () => {
    await expect(listen(express(), { host: 'nothing.invalid', port: 80 })).rejects.toThrow(
      /^cannot listen on nothing\.invalid:80: the name has no address \(E[A-Z_]+\)$/,
    );
  });

  it('on several addresses can be reached at each, and stops on each', async () => {
    const listener = await listen(express(), [LOOPBACK, { host: '::1', port: 0 }, LOOPBACK]);
    expect(listener.addresses).toHaveLength(3);
    for (const address of listener.addresses) {
      expect((await fetch(`http://${address}/`)).status).toBe(404);
    }
    await listener.stop();
    for (const address of listener.addresses) {
      await expect(fetch(`http://${address}/`)).rejects.toThrow();
    }
  });

  it('on several addresses fails on all of them when one is in use', async () => {
    const { port, stop } = await listen(express(), LOOPBACK);
    onTestFinished(stop);
    const free = await listen(express(), LOOPBACK);
    await free.stop();
    await expect(
      listen(express(), [
        { host: '127.0.0.1', port: free.port },
        { host: '127.0.0.1', port },
      ]),
    ).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: another process does`);
    await expect(fetch(`http://127.0.0.1:${free.port}/`)).rejects.toThrow();
  });

  it.each([
    ['127.0.0.1', (port: number) => `127.0.0.1:${port}`],
    ['::1', (port: number) => `[::1]:${port}`],
  ])('on a port in use says so and what to do (%s)', async (host, where) => {
    const { port, stop } = await listen(express(), { host, port: 0 });
    onTestFinished(stop);
    await expect(listen(express(), { host, port })).rejects.toThrow(
      `cannot listen on ${where(port)}: another process does; stop it or choose another --web.listen-address`,
    );
  });

  it('on an address of another machine fails with a message', async () => {
    await expect(listen(express(), { host: '192.0.2.1', port: 0 })).rejects.toThrow(
      'cannot listen on 192.0.2.1:0: EADDRNOTAVAIL',
    );
  });
});

describe('connections beyond the limit', () => {
  it('close the connections that have been idle for longest, so that every client is served', async () => {
    const clock = new StoppedClock();
    const listener = await listen(express(), LOOPBACK, { clock });
    onTestFinished(() => listener.stop());
    const url = `http://${listener.address}/`;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const scrape = () => ask(url, { agent });
    await scrape();
    const idle: net.Socket[] = [];
    for (let each = 0; each < MOST_CONNECTIONS - 1; each++) idle.push(await open(listener.port));
    await vi.waitFor(() => expect(listener.connections().idle).toBe(MOST_CONNECTIONS));
    // The scraper's connection was idle for longest until it is used again.
    await scrape();
    clock.time += TIME_TO_SEND;
    const [first] = idle;
    if (!first) throw new Error('no connection');
    const closed = once(first.resume(), 'close');
    for (let each = 0; each < 20; each++) expect((await ask(url)).status).toBe(404);
    await closed;
    await vi.waitFor(() =>
      expect(listener.connections().idle).toBeLessThanOrEqual(MOST_CONNECTIONS),
    );
    expect((await scrape()).status).toBe(404);
    for (const socket of idle) socket.destroy();
  });

  it('close none that has sent a request, even if all arrive at once', async () => {
    const app = express().get('/', (_request, response) => void response.send('in'));
    const listener = await listen(app, LOOPBACK);
    onTestFinished(() => listener.stop());
    const flood = Array.from({ length: 2 * MOST_CONNECTIONS }, () =>
      net.connect(listener.port, '127.0.0.1').on('error', () => {}),
    );
    const answers = Array.from({ length: 20 }, () => ask(`http://${listener.address}/`));
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(bodies).toEqual(bodies.map(() => 'in'));
    for (const socket of flood) socket.destroy();
  });

  it('are accepted while they are new, up to a higher limit, and closed if they send nothing', async () => {
    const clock = new StoppedClock();
    const listener = await listen(express(), LOOPBACK, { clock });
    onTestFinished(() => listener.stop());
    const flood: net.Socket[] = [];
    for (let each = 0; each < FLOOD_FACTOR * MOST_CONNECTIONS + 10; each++) {
      flood.push(await open(listener.port));
    }
    const idle = () => listener.connections().idle;
    await vi.waitFor(() => expect(idle()).toBe(FLOOD_FACTOR * MOST_CONNECTIONS));
    clock.time += TIME_TO_SEND;
    await vi.waitFor(() => expect(idle()).toBe(MOST_CONNECTIONS), { timeout: 5000 });
    for (const socket of flood) socket.destroy();
  });

  it('close the connection that has been busy for longest if all are busy', async () => {
    const app = express().get('/hang', () => {});
    const listener = await listen(app, LOOPBACK);
    onTestFinished(() => listener.stop());
    const busy: net.Socket[] = [];
    for (let each = 0; each < MOST_CONNECTIONS; each++) {
      const socket = await open(listener.port);
      socket.write('GET /hang HTTP/1.1\r\nHost: x\r\n\r\n');
      busy.push(socket);
    }
    await vi.waitFor(() => expect(listener.connections().busy).toBe(MOST_CONNECTIONS));
    expect((await ask(`http://${listener.address}/`)).status).toBe(404);
    for (const socket of busy) socket.destroy();
  });
});

describe('an answer', () => {
  it('that exceeds its time limit is aborted and its connection closed', async () => {
    const clock = new ManualClock();
    const app = express().get('/', (_request, response) => void response.write('begun'));
    const listener = await listen(app, LOOPBACK, { clock });
    onTestFinished(() => listener.stop());
    const response = await fetch(`http://${listener.address}/`);
    await clock.advance(LONGEST_ANSWER - 1);
    expect(listener.connections().busy).toBe(1);
    await clock.advance(1);
    await expect(response.text()).rejects.toThrow();
    await vi.waitFor(() => expect(listener.connections().busy).toBe(0));
  });
});

describe('requests that are sent at once on one connection', () => {
  it('are answered in turn, and the app gets one at a time', async () => {
    let inProgress = 0;
    let most = 0;
    const app = express().get('/:name', async ({ params: { name } }, response) => {
      most = Math.max(most, ++inProgress);
      await new Promise((resolve) => setImmediate(resolve));
      inProgress--;
      response.send(`${name};`);
    });
    const listener = await listen(app, LOOPBACK);
    onTestFinished(() => listener.stop());
    const socket = net.connect(listener.port, '127.0.0.1');
    const names = Array.from({ length: 500 }, (_, index) => `n${index}`);
    const requests = names.map((name) => `GET /${name} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.write(`${requests.join('')}GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const text = Buffer.concat(await socket.toArray()).toString();
    expect(text.match(/(?<=\n)\w+(?=;)/g)).toEqual([...names, 'last']);
    expect(most).toBe(1);
  });

  it('close their connection, and no other, when too many of them wait', async () => {
    const app = express()
      .get('/hang', () => {})
      .get('/', (_request, response) => void response.send('in'));
    const listener = await listen(app, LOOPBACK);
    onTestFinished(() => listener.stop());
    const socket = await open(listener.port);
    const closed = once(socket.resume(), 'close');
    socket.write('GET /hang HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(MOST_WAITING_REQUESTS + 2));
    await closed;
    expect((await ask(`http://${listener.address}/`)).body).toBe('in');
  });
});

describe('stopping', () => {
  /** An app whose answer waits for `finish`. `arrived` resolves when the request arrives. */
  function slowApp() {
    let finish = (): void => {};
    let arrive = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const app = express();
    app.get('/slow', async (_request, response) => {
      response.write('begun, ');
      arrive();
      await finished;
      response.end('done');
    });
    return { app, finish, arrived };
  }

  it('finishes the current response, then closes its connection although it is kept alive', async () => {
    const { app, finish, arrived } = slowApp();
    const listener = await listen(app, LOOPBACK);
    const agent = new http.Agent({ keepAlive: true });
    const request = http.get({ port: listener.port, host: '127.0.0.1', path: '/slow', agent });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await arrived;
    let stopped = false;
    const stop = listener.stop().then(() => {
      stopped = true;
    });
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    await expect(fetch(`http://${listener.address}/slow`)).rejects.toThrow();
    expect(stopped).toBe(false);
    finish();
    await once(response, 'end');
    expect(body).toBe('begun, done');
    await stop;
  });

  it('gives new connections a moment for their request, and then closes them', async () => {
    const clock = new ManualClock();
    const app = express().get('/', (_request, response) => void response.send('in'));
    const listener = await listen(app, LOOPBACK, { clock });
    const old = await open(listener.port);
    await vi.waitFor(() => expect(listener.connections().idle).toBe(1));
    await clock.advance(TIME_TO_SEND);
    const [silent, half, late] = [
      await open(listener.port),
      await open(listener.port),
      await open(listener.port),
    ];
    half.write('GET / HTTP/1.1\r\nHost:');
    await vi.waitFor(() => expect(listener.connections().idle).toBe(4));
    const closed = [silent, half].map((socket) => once(socket.resume(), 'close'));
    const oldClosed = once(old.resume(), 'close');
    const stopped = listener.stop();
    await oldClosed;
    late.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(Buffer.concat(await late.toArray()).toString()).toMatch(/^HTTP\/1\.1 200 .*\r\nin$/s);
    await vi.waitFor(() =>
      expect(listener.connections()).toEqual({ handshaking: 0, idle: 2, busy: 0 }),
    );
    await clock.advance(TIME_TO_SEND);
    await Promise.all([...closed, stopped]);
  });

  it('does not wait for a client that went away in the middle of its response', async () => {
    const { app, finish, arrived } = slowApp();
    const listener = await listen(app, LOOPBACK);
    const abort = new AbortController();
    const response = fetch(`http://${listener.address}/slow`, { signal: abort.signal });
    await arrived;
    const stop = listener.stop();
    abort.abort();
    await expect(response.then((answer) => answer.text())).rejects.toThrow();
    await stop;
    finish();
  });
});
