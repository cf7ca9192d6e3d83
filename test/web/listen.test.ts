import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/web/listen.ts';
import { type ListenAddress, parseListenAddress } from '../../src/web/listen-address.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

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
  it('on port 0 picks a free port and says which', async () => {
    const listener = await listen(express(), LOOPBACK);
    onTestFinished(() => listener.stop());
    expect(listener.port).toBeGreaterThan(0);
    expect(listener.address).toBe(`127.0.0.1:${listener.port}`);
  });

  it('on an IPv6 address says it in brackets', async () => {
    const listener = await listen(express(), { host: '::1', port: 0 });
    onTestFinished(() => listener.stop());
    expect(listener.address).toBe(`[::1]:${listener.port}`);
    expect((await fetch(`http://${listener.address}/`)).status).toBe(404);
  });

  it('without a host is reached on the loopback', async () => {
    const listener = await listen(express(), { port: 0 });
    onTestFinished(() => listener.stop());
    expect((await fetch(`http://127.0.0.1:${listener.port}/`)).status).toBe(404);
  });

  it.each([
    ['127.0.0.1', (port: number) => `127.0.0.1:${port}`],
    ['::1', (port: number) => `[::1]:${port}`],
  ])('on a port that is taken says so and what to do (%s)', async (host, where) => {
    const { port, stop } = await listen(express(), { host, port: 0 });
    onTestFinished(stop);
    await expect(listen(express(), { host, port })).rejects.toThrow(
      `cannot listen on ${where(port)}: another process does; stop it or choose another --web.listen-address`,
    );
  });

  it('on an address that is not this machine’s says so', async () => {
    await expect(listen(express(), { host: '192.0.2.1', port: 0 })).rejects.toThrow(
      'cannot listen on 192.0.2.1:0: EADDRNOTAVAIL',
    );
  });
});

describe('stopping', () => {
  /** An app whose answer waits for `finish`, and which tells when it was asked. */
  function slowApp() {
    let finish = (): void => {};
    let asked = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const app = express();
    app.get('/slow', async (_request, response) => {
      response.write('begun, ');
      asked();
      await finished;
      response.end('done');
    });
    return { app, finish, wasAsked };
  }

  it('finishes the response in hand, then closes its connection although kept alive', async () => {
    const { app, finish, wasAsked } = slowApp();
    const listener = await listen(app, LOOPBACK);
    const agent = new http.Agent({ keepAlive: true });
    const request = http.get({ port: listener.port, host: '127.0.0.1', path: '/slow', agent });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await wasAsked;
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

  it('does not wait for connections that ask nothing', async () => {
    const listener = await listen(express(), LOOPBACK);
    const silent = net.connect(listener.port, '127.0.0.1');
    const half = net.connect(listener.port, '127.0.0.1');
    const closed = [silent, half].map((socket) => once(socket.resume(), 'close'));
    await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
    half.write('GET / HTTP/1.1\r\nHost:');
    // A round trip later the server has accepted both.
    await fetch(`http://${listener.address}/`);
    await listener.stop();
    await Promise.all(closed);
  });

  it('does not wait for a client that went away in the middle of its response', async () => {
    const { app, finish, wasAsked } = slowApp();
    const listener = await listen(app, LOOPBACK);
    const abort = new AbortController();
    const response = fetch(`http://${listener.address}/slow`, { signal: abort.signal });
    await wasAsked;
    const stop = listener.stop();
    abort.abort();
    await expect(response.then((answer) => answer.text())).rejects.toThrow();
    await stop;
    finish();
  });
});
