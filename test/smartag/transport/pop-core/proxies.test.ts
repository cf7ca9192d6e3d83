import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverCertificate } from '../../../support/certificates.ts';
import { type ProxyWishes, type StartedProxy, startProxy } from '../../../support/start-proxy.ts';
import { startTlsFront } from '../../../support/start-tls-front.ts';
import { failureOf, NOBODY_ONLINE, read, startExchange, until } from '../../calls.ts';
import { always } from '../raw-server.ts';

const LOGIN = 'marked-user:marked-p@ss word';

let proxy: StartedProxy;
const ends: (() => Promise<void>)[] = [];

async function begin(wishes: ProxyWishes = {}): Promise<void> {
  proxy = await startProxy(wishes);
  const { stop } = proxy;
  ends.push(stop);
}

beforeEach(() => begin());
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server with TLS that gets no request, as its certificate is not trusted. */
async function untrusted(): Promise<string> {
  const front = await startTlsFront('http://127.0.0.1:9', await serverCertificate());
  ends.push(front.stop);
  return `https://127.0.0.1:${front.port}`;
}

describe('a proxy for an API without TLS', () => {
  it('gets the whole URL', async () => {
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), {
      proxy: proxy.url,
    });
    expect(await read(client)).toEqual([]);
    expect(proxy.requests).toEqual([`POST ${server.url}/`]);
    expect(server.requests).toHaveLength(1);
  });

  it('gets user and password, and the API does not', async () => {
    await begin({ login: LOGIN });
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), {
      proxy: proxy.urlFor('marked-user', 'marked-p@ss word'),
    });
    expect(await read(client)).toEqual([]);
    expect(inspect(server.requests)).not.toContain('marked');
  });

  it('that requires other credentials causes an error that does not show ours', async () => {
    await begin({ login: LOGIN });
    const { client } = await startExchange(always(200, NOBODY_ONLINE), {
      proxy: proxy.urlFor('marked-user', 'marked-wrong'),
    });
    const error = await failureOf(read(client));
    expect(error.kind).toBe('network');
    expect(error.message).toContain('PROXY_407');
    expect(inspect(error)).not.toMatch(/marked/);
  });

  it('may echo the credentials, and errors do not quote them', async () => {
    await begin({ login: LOGIN });
    const echo = JSON.stringify({
      Code: 'Denied',
      Message: `marked-user ${Buffer.from(LOGIN).toString('base64')} marked-p@ss word`,
    });
    const { client } = await startExchange(always(403, echo), {
      proxy: proxy.urlFor('marked-user', 'marked-p@ss word'),
    });
    const shown = inspect(await failureOf(read(client)));
    expect(shown).toContain('Denied');
    expect(shown).not.toContain('marked');
    expect(shown).not.toContain(Buffer.from(LOGIN).toString('base64').slice(0, 20));
  });

  it('is not used when NO_PROXY names the API', async () => {
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' };
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), { env });
    expect(await read(client)).toEqual([]);
    expect(proxy.requests).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('with an unusable URL in the environment fails the call and names the variable', async () => {
    const env = { HTTP_PROXY: 'socks5://marked:marked@127.0.0.1:1' };
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), { env });
    const error = await failureOf(read(client));
    expect(error.message).toContain('HTTP_PROXY is no http:// or https:// URL');
    expect(inspect(error)).not.toContain('marked');
    expect(server.requests).toHaveLength(0);
  });
});

describe('a tunnel', () => {
  const through = async (wishes: { readonly url?: string } = {}) => {
    const { url = proxy.url } = wishes;
    const endpoint = await untrusted();
    return startExchange(always(200, NOBODY_ONLINE), { endpoint, proxy: url, sockets: 2 });
  };

  it('does not make an untrusted certificate trusted', async () => {
    const { client } = await through();
    const error = await failureOf(read(client));
    expect(error.message).toMatch(/\((DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_[A-Z_]+)\)$/);
    expect(proxy.requests).toHaveLength(1);
  });

  it.each([403, 407, 502])(
    'that the proxy refuses with %i fails with that status',
    async (status) => {
      proxy.behave(status);
      const { client } = await through({ url: proxy.urlFor('marked-user', 'marked-password') });
      const error = await failureOf(read(client));
      expect([error.kind, error.message]).toEqual([
        'network',
        `DescribeUserOnlineClients: the connection failed (PROXY_${status})`,
      ]);
      expect(inspect(error)).not.toContain('marked');
    },
  );

  it('through a proxy that cannot be reached fails with that reason', async () => {
    const { client } = await through();
    await proxy.stop();
    ends.splice(ends.indexOf(proxy.stop), 1);
    expect((await failureOf(read(client))).message).toContain('(PROXY_ECONNREFUSED)');
  });

  it('is tried again after the proxy has left as many calls as sockets unanswered', async () => {
    const endpoint = await untrusted();
    const { client, clock } = await startExchange(always(200, NOBODY_ONLINE), {
      endpoint,
      proxy: proxy.url,
      sockets: 2,
      timeout: 100,
    });
    proxy.behave('silent');
    const silent = [1, 2].map(() => failureOf(read(client)));
    await until(() => proxy.requests.length === 2);
    await clock.advance(100);
    expect((await Promise.all(silent)).map(({ kind }) => kind)).toEqual(['timeout', 'timeout']);
    proxy.behave('works');
    expect((await failureOf(read(client))).message).toMatch(/_CERT|UNABLE_TO_/);
  });
});
