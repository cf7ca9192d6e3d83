import { describe, expect, it } from 'vitest';
import { failureOf, NOBODY_ONLINE, read, startExchange, until } from '../../calls.ts';
import { always } from '../raw-server.ts';

describe('connections', () => {
  it.each([1, 3, 8])('are never more than %i', async (sockets) => {
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), { sockets });
    await Promise.all(Array.from({ length: 100 }, () => read(client)));
    expect(server.requests).toHaveLength(100);
    expect(server.mostConnections).toBe(sockets);
  });

  it('are used again', async () => {
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE));
    for (let each = 0; each < 10; each++) await read(client);
    expect(server.connections).toBe(1);
  });

  it('are used again after errors of the API', async () => {
    const { client, server } = await startExchange(always(400, '{"Code":"Throttling"}'));
    for (let each = 0; each < 10; each++) await failureOf(read(client));
    expect(server.connections).toBe(1);
  });

  it('of aborted calls are closed and replaced', async () => {
    let hangs = true;
    const { client, server } = await startExchange(
      (response) => {
        if (!hangs) response.end(NOBODY_ONLINE);
      },
      { sockets: 2 },
    );
    const stop = new AbortController();
    const calls = [read(client, stop.signal), read(client, stop.signal)];
    for (const call of calls) call.catch(() => {});
    await until(() => server.requests.length === 2);
    stop.abort();
    await Promise.allSettled(calls);
    hangs = false;
    await expect(read(client)).resolves.toEqual([]);
    expect(server.connections).toBe(3);
  });
});
