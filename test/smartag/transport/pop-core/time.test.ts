import { getEventListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { settle } from '../../../support/manual-clock.ts';
import { failureOf, NEVER, NOBODY_ONLINE, read, startExchange, until } from '../../calls.ts';
import { always } from '../raw-server.ts';

const TIMEOUT = 1000;

describe('the timeout covers', () => {
  it('looking for credentials, after which nothing is sent', async () => {
    let found: (() => void) | undefined;
    const { client, server, clock } = await startExchange(always(200, NOBODY_ONLINE), {
      timeout: TIMEOUT,
      credentials: {
        get: () =>
          new Promise((resolve) => {
            found = () => resolve({ accessKeyId: 'key', accessKeySecret: 'secret' });
          }),
        refresh() {},
      },
    });
    const failure = failureOf(read(client));
    await clock.advance(TIMEOUT);
    expect((await failure).kind).toBe('timeout');
    found?.();
    for (let each = 0; each < 20; each++) await settle();
    expect(server.connections).toBe(0);
  });

  it('the wait for a socket', async () => {
    const { client, server, clock } = await startExchange(() => {}, {
      timeout: TIMEOUT,
      sockets: 1,
    });
    const first = failureOf(read(client));
    await until(() => server.requests.length === 1);
    await clock.advance(TIMEOUT / 2);
    const queued = failureOf(read(client));
    const also = failureOf(read(client));
    await clock.advance(TIMEOUT / 2);
    expect((await first).kind).toBe('timeout');
    await clock.advance(TIMEOUT / 2);
    expect([(await queued).kind, (await also).kind]).toEqual(['timeout', 'timeout']);
  });

  it('a connection that is never answered', async () => {
    // The server speaks no TLS, so the handshake hangs, as behind a silent firewall.
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    let connected = 0;
    silent.on('connection', () => connected++);
    const { port } = silent.address() as AddressInfo;
    const { client, clock } = await startExchange(() => {}, {
      timeout: TIMEOUT,
      endpoint: `https://127.0.0.1:${port}`,
    });
    const failure = failureOf(read(client));
    await until(() => connected === 1);
    await clock.advance(TIMEOUT);
    expect((await failure).kind).toBe('timeout');
    await new Promise((resolve) => silent.close(resolve));
  });

  it('a reply that never begins', async () => {
    const { client, server, clock } = await startExchange(() => {}, { timeout: TIMEOUT });
    const failure = failureOf(read(client));
    await until(() => server.requests.length === 1);
    await clock.advance(TIMEOUT - 1);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await failure).toMatchObject({
      kind: 'timeout',
      message: 'DescribeUserOnlineClients: no complete reply within 1000 ms',
    });
    await until(() => server.closed === 1);
  });

  it('a body that arrives in drops', async () => {
    let drip: (() => void) | undefined;
    const { client, server, clock } = await startExchange(
      (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        drip = () => response.write(' ');
        drip();
      },
      { timeout: TIMEOUT },
    );
    const failure = failureOf(read(client));
    await until(() => server.requests.length === 1);
    for (let each = 0; each < 10; each++) {
      drip?.();
      await clock.advance(TIMEOUT / 10);
    }
    expect((await failure).kind).toBe('timeout');
    await until(() => server.closed === 1);
  });
});

describe('an abort', () => {
  it('before the call sends nothing', async () => {
    const { client, server, clock } = await startExchange(always(200, NOBODY_ONLINE));
    const reason = new Error('stopped by the test');
    await expect(read(client, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([server.connections, clock.pending]).toEqual([0, 0]);
  });

  it('ends a call at once and closes its request', async () => {
    const { client, server, clock } = await startExchange(() => {});
    const stop = new AbortController();
    const call = read(client, stop.signal);
    call.catch(() => {});
    await until(() => server.requests.length === 1);
    const reason = new Error('stopped by the test');
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until(() => server.closed === 1);
    expect(clock.pending).toBe(0);
  });

  it('ends a call that waits for a socket, and only that', async () => {
    const answers: (() => void)[] = [];
    const { client, server } = await startExchange(
      (response) => answers.push(() => response.end(NOBODY_ONLINE)),
      { sockets: 1 },
    );
    const first = read(client);
    await until(() => server.requests.length === 1);
    const stop = new AbortController();
    const queued = read(client, stop.signal);
    const last = read(client);
    const reason = new Error('stopped by the test');
    stop.abort(reason);
    await expect(queued).rejects.toBe(reason);
    answers[0]?.();
    await expect(first).resolves.toEqual([]);
    await until(() => server.requests.length === 2);
    answers[1]?.();
    await expect(last).resolves.toEqual([]);
    expect(server.requests).toHaveLength(2);
  });
});

it('a call leaves no timer and no listener behind, whether it succeeds or fails', async () => {
  const bodies = [
    [200, NOBODY_ONLINE],
    [400, '{"Code":"Throttling"}'],
    [502, '<html>'],
    [200, '{'],
  ] as const;
  for (const [status, body] of bodies) {
    const { client, clock } = await startExchange(always(status, body));
    const stop = new AbortController();
    await read(client, stop.signal).catch(() => {});
    expect(clock.pending).toBe(0);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  }
});

it('closing ends the calls in flight', async () => {
  const { client, server } = await startExchange(() => {});
  const failure = failureOf(read(client, NEVER));
  await until(() => server.requests.length === 1);
  client.close();
  expect((await failure).kind).toBe('network');
});
