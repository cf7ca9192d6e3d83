import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWebConfig } from '../../../src/config/web/load.ts';
import { ConfigError } from '../../../src/input/problem.ts';
import { ask } from '../../support/ask.ts';
import { authority, type Certificate, serverCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';
import { startSecured } from '../secured-server.ts';

/** The hash of "fakepassword", with the lowest cost of bcrypt. */
const HASH = '$2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6';
const AUTH = 'alice:fakepassword';
const USERS = `basic_auth_users:\n  alice: ${HASH}\n  bob: ${HASH}\n`;

let ca: Certificate;
let server: Certificate;

beforeAll(async () => {
  ca = await authority();
  server = await serverCertificate(ca);
});

/** A folder with certificates, and a web configuration in it that is read again after a change. */
async function bench() {
  const folder = await temporaryFolder();
  const file = join(folder, 'web.yml');
  await writeFile(join(folder, 'server.crt'), server.cert);
  await writeFile(join(folder, 'server.key'), server.key);
  await writeFile(join(folder, 'ca.crt'), ca.cert);
  const load = async (text: string, before?: Awaited<ReturnType<typeof loadWebConfig>>) => {
    await writeFile(file, text);
    return loadWebConfig(file, undefined, before);
  };
  /** The problems with which `next` is refused after `before`; empty if it is accepted. */
  const refused = async (before: string, next: string): Promise<string> => {
    const inForce = await load(before);
    const outcome = await load(next, inForce).catch((error: unknown) => error);
    if (!(outcome instanceof ConfigError)) return '';
    return outcome.message.replaceAll(`${file}:`, '');
  };
  return { load, refused };
}

const tls = (lines: string): string =>
  `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n${lines}`;
const VERIFIED = '  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n';

describe('protection that a changed file leaves out', () => {
  it.each([
    [
      'users',
      USERS,
      '# all gone\n',
      '1:1: basic_auth_users: expected users, as before, or basic_auth_users: {} to admit every client; got nothing',
    ],
    [
      'users, with the key left behind',
      USERS,
      'basic_auth_users:\n',
      '1:1: basic_auth_users: expected users, as before, or basic_auth_users: {} to admit every client; got nothing',
    ],
    [
      'client certificates',
      tls(VERIFIED),
      tls(''),
      '1:1: tls_server_config.client_auth_type: expected the client_auth_type in force, or a weaker client_auth_type written out; got nothing',
    ],
    [
      'the client CA',
      tls(VERIFIED),
      tls('  client_auth_type: RequireAndVerifyClientCert\n'),
      '1:1: tls_server_config.client_ca_file: expected a client CA, as before, or a restart; got nothing',
    ],
    [
      'allowed names',
      tls(`${VERIFIED}  client_allowed_sans: [a.test]\n`),
      tls(VERIFIED),
      '1:1: tls_server_config.client_allowed_sans: expected names, as before, or client_allowed_sans: [] to accept any name; got nothing',
    ],
    [
      'the newest TLS alone',
      tls('  min_version: TLS13\n'),
      tls(''),
      '1:1: tls_server_config.min_version: expected TLS13, as before, or min_version: TLS12 to accept the older version too; got nothing',
    ],
    [
      'the rate limit',
      'rate_limit: { interval: 1s, burst: 2 }\n',
      '',
      '1:1: rate_limit: expected a limit, as before, or rate_limit: {} to have no limit; got nothing',
    ],
    [
      'headers',
      'http_server_config:\n  headers:\n    X-Frame-Options: deny\n',
      'http_server_config: {}\n',
      '1:1: http_server_config.headers: expected headers, as before, or headers: {} to send no headers; got nothing',
    ],
    [
      'the end of a line',
      'http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=31536000\n',
      'http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=3153',
      '1:1: expected a whole file; got only the beginning of the earlier file, cut within a line',
    ],
  ])('is kept: %s', async (_what, before, next, problem) => {
    const { refused } = await bench();
    expect(await refused(before, next)).toBe(problem);
  });

  it.each([
    ['users', USERS, 'basic_auth_users: {}\n'],
    ['one of the users', USERS, USERS.replace(/ {2}bob.*\n/, '')],
    ['the last line end', USERS, USERS.trimEnd()],
    ['client certificates', tls(VERIFIED), tls('  client_auth_type: NoClientCert\n')],
    [
      'allowed names',
      tls(`${VERIFIED}  client_allowed_sans: [a.test]\n`),
      tls(`${VERIFIED}  client_allowed_sans: []\n`),
    ],
    ['the rate limit', 'rate_limit: { interval: 1s, burst: 2 }\n', 'rate_limit: {}\n'],
    ['nothing that was in force', 'rate_limit: {}\n', ''],
  ])('is removed when the file says so explicitly: %s', async (_what, before, next) => {
    const { refused } = await bench();
    expect(await refused(before, next)).toBe('');
  });

  it('is kept wherever the file is cut short', async () => {
    const { load } = await bench();
    const whole = `${tls(VERIFIED)}${USERS}rate_limit: { interval: 1h, burst: 2 }\n`;
    const inForce = await load(whole);
    let taken = 0;
    for (let length = 0; length < whole.length; length++) {
      const next = await load(whole.slice(0, length), inForce).catch((error: unknown) => {
        if (error instanceof ConfigError) return undefined;
        throw error;
      });
      if (!next) continue;
      taken++;
      const { tls: settings, users, rateLimit } = next.config;
      expect(users.size).toBe(2);
      expect(rateLimit).toEqual(inForce.config.rateLimit);
      expect(settings).toEqual(inForce.config.tls);
    }
    // Only the line end at the end of the file may be missing.
    expect(taken).toBe(1);
  });
});

describe('a server with users whose file is', () => {
  it('empty still requires passwords, and logs the reason once', async () => {
    const { url, write, reports } = await startSecured({ 'web.yml': USERS });
    await write('web.yml', '');
    for (let each = 0; each < 3; each++) expect((await ask(url)).status).toBe(401);
    expect((await ask(url, { auth: AUTH })).status).toBe(200);
    expect(reports).toEqual([
      expect.stringContaining('basic_auth_users: {} to admit every client'),
    ]);
    await write('web.yml', 'basic_auth_users: {}\n');
    expect((await ask(url)).status).toBe(200);
  });

  it('rewritten a hundred times during requests never lets in a client without a password', async () => {
    const { url, folder } = await startSecured({ 'web.yml': USERS });
    const file = join(folder, 'web.yml');
    let isDone = false;
    const statuses = new Map<number, number>();
    const asking = Array.from({ length: 4 }, async () => {
      while (!isDone) {
        const { status } = await ask(url);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    for (let round = 0; round < 100; round++) {
      const handle = await open(file, 'w');
      // Writes the file in pieces, so that the server may read it after each of them.
      for (const line of USERS.split(/(?<=\n)/)) await handle.write(line);
      await handle.close();
    }
    isDone = true;
    await Promise.all(asking);
    expect([...statuses.keys()]).toEqual([401]);
    expect((await ask(url, { auth: AUTH })).status).toBe(200);
  });
});
