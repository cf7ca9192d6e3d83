import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask } from '../../support/ask.ts';
import { startSecured } from '../secured-server.ts';
import { scrapeOf, testApp } from '../serve-app.ts';

/** The hash of "fakepassword", with the lowest cost of bcrypt. */
const HASH = '$2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6';
const USERS = `basic_auth_users: { alice: ${HASH} }\n`;

const app = () => testApp({ scrape: scrapeOf('a 1\n'), reload: async () => [] });

const start = (text: string, monotonic = () => 0) =>
  startSecured({ 'web.yml': text }, { app: app(), monotonic });

describe('a server with users', () => {
  it('refuses clients without a valid password, on every path and with every method', async () => {
    const { url } = await start(USERS);
    for (const path of ['/', '/metrics', '/-/healthy', '/-/ready', '/-/reload', '/nothing']) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        for (const auth of [undefined, 'alice:wrong', 'nobody:fakepassword', ':', 'alice:']) {
          const answer = await ask(`${url}${path}`, { method, ...(auth && { auth }) });
          expect(answer.status).toBe(401);
          expect(answer.headers['www-authenticate']).toBe('Basic');
          expect(answer.headers.connection).toBe('close');
          expect(answer.body).toBe('Unauthorized\n');
        }
      }
    }
  });

  it('answers with an error when a password cannot be checked, and keeps serving', async () => {
    let isBroken = true;
    const compare = async (): Promise<boolean> => {
      if (isBroken) throw new Error('a defect');
      return true;
    };
    const { url } = await startSecured({ 'web.yml': USERS }, { app: app(), compare });
    const auth = 'alice:fakepassword';
    expect(await ask(`${url}/metrics`, { auth })).toMatchObject({
      status: 500,
      body: 'Internal error\n',
    });
    isBroken = false;
    expect((await ask(`${url}/metrics`, { auth })).status).toBe(200);
  });

  it('answers its users', async () => {
    const { url } = await start(USERS);
    const auth = 'alice:fakepassword';
    expect(await ask(`${url}/metrics`, { auth })).toMatchObject({ status: 200, body: 'a 1\n' });
    expect((await ask(`${url}/-/healthy`, { auth })).status).toBe(200);
    expect((await ask(`${url}/-/reload`, { auth, method: 'POST' })).status).toBe(200);
  });

  it('adds and removes users without a restart when the file changes', async () => {
    const { url, write, reports } = await start('');
    const auth = 'alice:fakepassword';
    expect((await ask(`${url}/metrics`)).status).toBe(200);
    await write('web.yml', USERS);
    expect((await ask(`${url}/metrics`)).status).toBe(401);
    expect((await ask(`${url}/metrics`, { auth })).status).toBe(200);
    await write('web.yml', USERS.replace('alice', 'bob'));
    expect((await ask(`${url}/metrics`, { auth })).status).toBe(401);
    // A file without its users, as after a mistake, must not make the server public.
    await write('web.yml', 'basic_auth_user: {}');
    expect((await ask(`${url}/metrics`)).status).toBe(401);
    expect((await ask(`${url}/metrics`, { auth: 'bob:fakepassword' })).status).toBe(200);
    expect(reports).toEqual(['changed', 'changed', expect.stringContaining('basic_auth_user: ')]);
  });
});

describe('headers', () => {
  const CONFIGURED = `http_server_config:
  headers:
    Content-Security-Policy: default-src 'self'
    X-Frame-Options: sameorigin
    Strict-Transport-Security: max-age=1
`;

  it('that are configured are in every answer and override our own', async () => {
    const { url } = await start(`${CONFIGURED}${USERS}`);
    for (const [path, auth] of [
      ['/', 'alice:fakepassword'],
      ['/nothing', 'alice:fakepassword'],
      ['/', undefined],
    ] as const) {
      const { headers } = await ask(`${url}${path}`, { ...(auth && { auth }) });
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'self'",
        'x-frame-options': 'sameorigin',
        'strict-transport-security': 'max-age=1',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('forbid embedding and caching a page by default', async () => {
    const { url } = await start('');
    const { headers } = await ask(`${url}/`);
    expect(headers).toMatchObject({
      'x-frame-options': 'deny',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

describe('a rate limit', () => {
  it('lets a burst through, then one request per interval', async () => {
    let now = 0;
    const { url } = await start('rate_limit: { interval: 1s, burst: 2 }', () => now);
    const statuses = async (count: number) => {
      const answers = [];
      for (let each = 0; each < count; each++) answers.push((await ask(`${url}/metrics`)).status);
      return answers;
    };
    expect(await statuses(4)).toEqual([200, 200, 429, 429]);
    now += 999;
    expect(await statuses(1)).toEqual([429]);
    now += 1;
    expect(await statuses(2)).toEqual([200, 429]);
    now += 60_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('can be changed and removed while the server runs', async () => {
    const { url, write } = await start('rate_limit: { interval: 1h, burst: 1 }');
    expect((await ask(`${url}/metrics`)).status).toBe(200);
    expect((await ask(`${url}/metrics`)).status).toBe(429);
    await write('web.yml', 'rate_limit: { interval: 1h, burst: 2 }');
    expect((await ask(`${url}/metrics`)).status).toBe(200);
    await write('web.yml', 'rate_limit: {}');
    for (let each = 0; each < 3; each++) {
      expect((await ask(`${url}/metrics`)).status).toBe(200);
    }
  });
});

describe('a client that is slow or misbehaves', () => {
  /** The text that the server sends on a connection before it closes the connection. */
  async function untilClosed(port: number, text: string): Promise<string> {
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      answer += piece;
    });
    await once(socket, 'connect');
    socket.write(text);
    await once(socket, 'close');
    return answer;
  }

  it('with too long headers is refused', async () => {
    const { port } = await start('');
    const answer = await untilClosed(port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('that does not speak HTTP is refused', async () => {
    const { port } = await start('');
    expect(await untilClosed(port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that sends nothing, or half of a request, is disconnected', {
    timeout: 60_000,
  }, async () => {
    const { port, url } = await start('');
    const slow = ['', 'GET / HTTP/1.1\r\nHost:', 'POST /-/reload HTTP/1.1\r\nHost: x\r\n'].map(
      (text) => untilClosed(port, text),
    );
    // Other clients are answered in between.
    expect((await ask(`${url}/metrics`)).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});
