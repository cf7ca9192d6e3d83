import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { HANDSHAKE_TIMEOUT } from '../../../src/web/limits.ts';
import { ask } from '../../support/ask.ts';
import { authority, type Certificate, serverCertificate } from '../../support/certificates.ts';
import { type SecuredServer, startSecured } from '../secured-server.ts';
import { testApp } from '../serve-app.ts';

/*
 * Clients of every kind misbehave and disconnect. Afterwards the server must have released all connections,
 * slots and responses of theirs.
 */

/** The hash of "fakepassword", with the lowest cost of bcrypt. */
const HASH = '$2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6';
const AUTH = 'alice:fakepassword';

const MAX_SCRAPES = 3;

let ca: Certificate;
let certificate: Certificate;

beforeAll(async () => {
  ca = await authority();
  certificate = await serverCertificate(ca);
});

/** An answer larger than the operating system buffers for a client that does not read. */
const PIECES = 200;
const PIECE = Buffer.alloc(64 * 1024, 'x');

const app = () =>
  testApp({
    scrape: async function* () {
      yield Array.from({ length: PIECES }, () => PIECE);
      yield [Buffer.from('# EOF\n')];
    },
    maxRequests: MAX_SCRAPES,
    reload: async () => [],
  });

const PATHS = [
  '/metrics',
  '/-/healthy',
  '/-/ready',
  '/',
  '/instances/a/b/c',
  '/api/v1/status',
  '/api/v1/instances/a/b/c',
  '/status.css',
  '/nothing',
];

/** The actions of a client on its connection. */
interface Attack {
  /** The paths of the requests, which are sent at once. */
  readonly paths: readonly string[];
  readonly auth: string | undefined;
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST';
  /** The beginning of a further request, sent after the requests. */
  readonly rest: string;
  readonly reads: boolean;
  /** Turns of the event loop before the client disconnects. */
  readonly patience: number;
  readonly leaves: 'reset' | 'end' | 'destroy';
  /** With TLS: how much of the handshake the client performs. */
  readonly handshake: 'none' | 'nonsense' | 'whole';
}

const attacks = fc.record<Attack>({
  paths: fc.array(fc.constantFrom(...PATHS), { maxLength: 30 }),
  auth: fc.constantFrom(undefined, AUTH, 'alice:wrong', 'nobody:x'),
  method: fc.constantFrom('GET', 'GET', 'HEAD', 'OPTIONS', 'POST'),
  rest: fc.constantFrom(
    '',
    'GET / HT',
    'POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
  ),
  reads: fc.boolean(),
  patience: fc.nat({ max: 20 }),
  leaves: fc.constantFrom('reset', 'end', 'destroy'),
  handshake: fc.constantFrom('none', 'nonsense', 'whole', 'whole', 'whole'),
});

const textOf = ({
  paths,
  auth,
  method,
  rest,
}: Pick<Attack, 'paths' | 'auth' | 'method' | 'rest'>): string => {
  const authorization =
    auth === undefined ? '' : `Authorization: Basic ${Buffer.from(auth).toString('base64')}\r\n`;
  const requests = paths.map(
    (path) => `${method} ${path} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`,
  );
  return requests.join('') + rest;
};

/** Resolves when the client has left and its socket is closed. */
async function perform(attack: Attack, { port, scheme }: SecuredServer): Promise<void> {
  const raw = net.connect(port, '127.0.0.1');
  raw.on('error', () => {});
  const closed = once(raw, 'close');
  await once(raw, 'connect').catch(() => {});
  let socket: net.Socket = raw;
  if (scheme === 'https' && attack.handshake === 'whole') {
    socket = tls.connect({ socket: raw, ca: ca.cert, servername: 'localhost' });
    socket.on('error', () => {});
  }
  if (attack.reads) socket.resume();
  const isNonsense = scheme === 'https' && attack.handshake === 'nonsense';
  if (scheme === 'http' || attack.handshake !== 'none') {
    socket.write(isNonsense ? 'nonsense' : textOf(attack));
  }
  for (let turn = 0; turn < attack.patience; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (attack.leaves === 'reset') raw.resetAndDestroy();
  else if (attack.leaves === 'destroy') raw.destroy();
  else {
    // The client half-closes, and reads none of the rest.
    socket.end();
    await new Promise((resolve) => setImmediate(resolve));
    raw.destroy();
  }
  await closed;
}

/** Sends this many requests at once on one connection, and counts the complete answers. */
async function answersTo(requests: number, { port, scheme }: SecuredServer): Promise<number> {
  const address = { port, host: '127.0.0.1' };
  const socket =
    scheme === 'https' ? tls.connect({ ...address, ca: ca.cert }) : net.connect(address);
  const paths = Array.from({ length: requests }, () => '/-/healthy');
  const text = textOf({ paths, auth: AUTH, method: 'GET', rest: '' });
  socket.write(text.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'));
  const answers = Buffer.concat(await socket.toArray()).toString();
  return answers.split('HTTP/1.1 200 OK').length - 1;
}

describe('clients that misbehave or disconnect at any moment', () => {
  it.each([
    ['plain', ''],
    ['with users', `basic_auth_users: { alice: ${HASH} }\n`],
    ['with TLS', 'tls_server_config: { cert_file: a.crt, key_file: a.key }\n'],
    [
      'with TLS and users',
      `tls_server_config: { cert_file: a.crt, key_file: a.key }\nbasic_auth_users: { alice: ${HASH} }\n`,
    ],
  ])('nothing is held for them: %s', { timeout: 180_000 }, async (_name, config) => {
    const server = await startSecured(
      { 'web.yml': config, 'a.crt': certificate.cert, 'a.key': certificate.key },
      { app: app() },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(attacks, { minLength: 1, maxLength: 12 }), async (many) => {
        await Promise.all(many.map((attack) => perform(attack, server)));
        // If a client disconnects during a handshake, the server waits until the time limit of handshakes.
        await vi.waitFor(
          () => expect(server.connections()).toEqual({ handshaking: 0, idle: 0, busy: 0 }),
          { timeout: HANDSHAKE_TIMEOUT + 5 * SECOND },
        );
        const scrapes = Array.from({ length: MAX_SCRAPES }, () =>
          ask(`${server.url}/metrics`, { auth: AUTH, ca: ca.cert }),
        );
        expect((await Promise.all(scrapes)).map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(await answersTo(5, server)).toBe(5);
      }),
      { numRuns: 8 },
    );
    // stop() waits for every unfinished response, so it would never resolve if one were still held.
    await server.stop();
  });

  it('scrapes that are queued behind unread pages take no slot', async () => {
    const server = await startSecured({ 'web.yml': '' }, { app: app() });
    const socket = net.connect(server.port, '127.0.0.1').pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(300));
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100));
    await vi.waitFor(() => expect(server.connections().busy).toBe(1));
    // A client on another connection is answered in between.
    expect((await ask(`${server.url}/-/healthy`)).status).toBe(200);
    socket.resetAndDestroy();
    await vi.waitFor(() =>
      expect(server.connections()).toEqual({ handshaking: 0, idle: 0, busy: 0 }),
    );
    for (let each = 0; each < MAX_SCRAPES + 1; each++) {
      expect((await ask(`${server.url}/metrics`)).status).toBe(200);
    }
  });
});
