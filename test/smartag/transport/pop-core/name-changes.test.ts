import dns from 'node:dns';
import { expect, it, onTestFinished, vi } from 'vitest';
import { MINUTE, SECOND } from '../../../../src/clock.ts';
import { popCoreClient } from '../../../../src/smartag/transport/pop-core.ts';
import { authority, certificate } from '../../../support/certificates.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { reroute } from '../../../support/reroute.ts';
import { startProxy } from '../../../support/start-proxy.ts';
import { startTlsFront } from '../../../support/start-tls-front.ts';
import { fixed, NOBODY_ONLINE, read, startExchange } from '../../calls.ts';
import { always, type RawServer, startRawServer } from '../raw-server.ts';

const NAME = 'smartag.test';

/** Makes the name resolve to this address, like a change in DNS. Every lookup is counted. */
function resolveTo(address: () => string) {
  const lookups: string[] = [];
  const spy = vi.spyOn(dns, 'lookup') as unknown as {
    mockImplementation(
      lookup: (
        name: string,
        options: { readonly all?: boolean },
        found: (error: null, ...answer: unknown[]) => void,
      ) => void,
    ): void;
    mockRestore(): void;
  };
  spy.mockImplementation((name, options, found) => {
    lookups.push(String(name));
    const answer = { address: address(), family: 4 };
    if (options.all) found(null, [answer]);
    else found(null, answer.address, answer.family);
  });
  onTestFinished(() => spy.mockRestore());
  return lookups;
}

/** Servers on two addresses of the loopback, with the same port, and a client that calls them by name. */
async function startTwo(sockets = 1) {
  const old = await startRawServer(always(200, NOBODY_ONLINE));
  onTestFinished(old.stop);
  const port = Number(new URL(old.url).port);
  const moved = await startRawServer(always(200, NOBODY_ONLINE), { host: '127.0.0.2', port });
  onTestFinished(moved.stop);
  let address = '127.0.0.1';
  const lookups = resolveTo(() => address);
  const clock = new ManualClock();
  const client = popCoreClient({
    credentials: fixed({ accessKeyId: 'testid', accessKeySecret: 'testsecret' }),
    endpoint: `http://${NAME}:${port}`,
    timeout: 5000,
    sockets,
    env: {},
    clock,
  });
  onTestFinished(() => client.close());
  const move = (): void => {
    address = '127.0.0.2';
  };
  return { old, moved, move, lookups, clock, client };
}

const requests = (...servers: readonly RawServer[]) => servers.map((each) => each.requests.length);

it('a call every few seconds follows a change of the name within two minutes', async () => {
  const { old, moved, move, lookups, clock, client } = await startTwo();
  await read(client);
  move();
  for (let each = 0; each < 24; each++) {
    await clock.advance(5 * SECOND);
    await read(client);
  }
  expect(requests(old, moved)).toEqual([24, 1]);
  expect(lookups).toEqual([NAME, NAME]);
  expect(old.connections).toBe(1);
});

it('a connection that was idle for longer is not used again', async () => {
  const { old, moved, move, clock, client } = await startTwo();
  await read(client);
  move();
  await clock.advance(2 * MINUTE);
  await read(client);
  expect(requests(old, moved)).toEqual([1, 1]);
});

it('calls that wait for a connection do not keep an old connection open', async () => {
  const { old, moved, move, clock, client } = await startTwo();
  await read(client);
  await clock.advance(2 * MINUTE - 1);
  const first = read(client);
  const waiting = Array.from({ length: 5 }, () => read(client));
  move();
  await clock.advance(1);
  await Promise.all([first, ...waiting]);
  expect(requests(old, moved)).toEqual([2, 5]);
  expect([old.mostConnections, moved.mostConnections]).toEqual([1, 1]);
});

it('all connections of a burst are renewed, within the limit of open connections', async () => {
  const { old, moved, move, clock, client } = await startTwo(4);
  const burst = () => Promise.all(Array.from({ length: 20 }, () => read(client)));
  await burst();
  move();
  await clock.advance(2 * MINUTE);
  await burst();
  expect(requests(old, moved)).toEqual([20, 20]);
  expect([old.connections, moved.connections]).toEqual([4, 4]);
  expect([old.mostConnections, moved.mostConnections]).toEqual([4, 4]);
});

it('a tunnel is used for two minutes too, then the proxy is asked for another', async () => {
  const api = await startRawServer(always(200, NOBODY_ONLINE));
  onTestFinished(api.stop);
  const root = await authority();
  const front = await startTlsFront(api.url, await certificate({ dns: [NAME] }, root));
  onTestFinished(front.stop);
  reroute(new Map([[NAME, { url: `https://127.0.0.1:${front.port}`, ca: root.cert }]]));
  const proxy = await startProxy();
  onTestFinished(proxy.stop);
  const { client, clock } = await startExchange(always(200, NOBODY_ONLINE), {
    endpoint: `https://${NAME}`,
    proxy: proxy.url,
  });
  await read(client);
  await clock.advance(2 * MINUTE - 1);
  await read(client);
  expect(proxy.requests).toHaveLength(1);
  await clock.advance(1);
  await read(client);
  expect(proxy.requests).toHaveLength(2);
  expect(api.requests).toHaveLength(3);
});

it('a dot at the end of the name is used for the lookup and left out of the Host header', async () => {
  const hosts: unknown[] = [];
  const server = await startRawServer((response) => {
    hosts.push(response.req.headers.host);
    response.end(NOBODY_ONLINE);
  });
  onTestFinished(server.stop);
  const { port } = new URL(server.url);
  const { client } = await startExchange(always(200, NOBODY_ONLINE), {
    endpoint: `http://${NAME}.:${port}`,
  });
  const lookups = resolveTo(() => '127.0.0.1');
  await read(client);
  expect(lookups).toEqual([`${NAME}.`]);
  expect(hosts).toEqual([`${NAME}:${port}`]);
});
