import { once } from 'node:events';
import net from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import express from 'express';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import { MOST_HANDSHAKES, TIME_TO_SEND } from '../../../src/web/limits.ts';
import { ask } from '../../support/ask.ts';
import {
  authority,
  type Certificate,
  certificate,
  serverCertificate,
} from '../../support/certificates.ts';
import { StoppedClock } from '../../support/stopped-clock.ts';
import { startSecured } from '../secured-server.ts';

let ca: Certificate;
let foreignCa: Certificate;
let server: Certificate;
let client: Certificate;
let foreign: Certificate;

beforeAll(async () => {
  [ca, foreignCa] = await Promise.all([authority(), authority('another authority')]);
  [server, client, foreign] = await Promise.all([
    serverCertificate(ca),
    certificate(
      {
        dns: ['client.test'],
        ip: ['10.0.0.1', 'fd00::1'],
        mail: ['ops@client.test'],
        uri: ['spiffe://test/a,b'],
      },
      ca,
    ),
    certificate({ dns: ['client.test'] }, foreignCa),
  ]);
});

/** Starts a server with these lines of `tls_server_config`. */
function start(lines = '', files: Readonly<Record<string, string>> = {}, clock?: Clock) {
  return startSecured(
    {
      'server.crt': server.cert,
      'server.key': server.key,
      'ca.crt': ca.cert,
      'web.yml': tls(lines),
      ...files,
    },
    clock && { clock },
  );
}

const tls = (lines: string): string => `tls_server_config:
  cert_file: server.crt
  key_file: server.key
${lines}`;

const get = (url: string, options: ConnectionOptions = {}) => ask(url, { ca: ca.cert, ...options });

/** The result of a request: its body, or `refused`. */
const outcome = (url: string, options: ConnectionOptions = {}): Promise<string> =>
  get(url, options).then(
    ({ body }) => body,
    () => 'refused',
  );

describe('a server with a certificate', () => {
  it('speaks TLS 1.3 with a modern client', async () => {
    const { url, scheme } = await start();
    expect(scheme).toBe('https');
    expect(await get(url)).toMatchObject({
      status: 200,
      body: 'in\n',
      tls: { protocol: 'TLSv1.3' },
    });
  });

  it('speaks TLS 1.2 with an older client, and no older version', async () => {
    const { url } = await start();
    expect((await get(url, { maxVersion: 'TLSv1.2' })).tls?.protocol).toBe('TLSv1.2');
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      await expect(get(url, old)).rejects.toThrow(/protocol version/);
    }
  });

  it('refuses versions below the configured minimum', async () => {
    const newest = await start('  min_version: TLS13');
    await expect(get(newest.url, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
    const older = await start('  max_version: TLS12');
    expect((await get(older.url)).tls?.protocol).toBe('TLSv1.2');
  });

  it('uses the configured cipher suites, in its own order or that of the client', async () => {
    const rsa = await serverCertificate(undefined, 'rsa');
    const suites = `  cipher_suites:
    - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
`;
    const files = { 'server.crt': rsa.cert, 'server.key': rsa.key };
    const wish = {
      ca: rsa.cert,
      maxVersion: 'TLSv1.2' as const,
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384',
    };
    const own = await start(suites, files);
    expect((await get(own.url, wish)).tls?.cipher).toBe('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384');
    expect((await get(own.url, { ca: rsa.cert })).tls?.protocol).toBe('TLSv1.3');
    await expect(get(own.url, { ...wish, ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' })).rejects.toThrow(
      /handshake failure/,
    );
    const clients = await start(`${suites}  prefer_server_cipher_suites: false\n`, files);
    expect((await get(clients.url, wish)).tls?.cipher).toBe(
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    );
  });

  it('uses the configured curves', async () => {
    const { url } = await start('  curve_preferences: [CurveP384]');
    expect(await outcome(url, { ecdhCurve: 'P-384' })).toBe('in\n');
    expect(await outcome(url, { ecdhCurve: 'X25519' })).toBe('refused');
  });

  it('speaks HTTP/1.1 with a client that prefers HTTP/2', async () => {
    const { url } = await start();
    expect(await outcome(url, { ALPNProtocols: ['h2', 'http/1.1'] })).toBe('in\n');
  });

  it('does not answer plain HTTP', async () => {
    const { address } = await start();
    await expect(ask(`http://${address}`)).rejects.toThrow();
  });
});

describe('clients', () => {
  type Expected = readonly [without: boolean, own: boolean, foreign: boolean];
  it.each<[type: string, expected: Expected]>([
    ['NoClientCert', [true, true, true]],
    ['RequestClientCert', [true, true, true]],
    ['RequireAnyClientCert', [false, true, true]],
    ['RequireClientCert', [false, true, true]],
    ['VerifyClientCertIfGiven', [true, true, false]],
    ['RequireAndVerifyClientCert', [false, true, false]],
  ])(
    'with %s are accepted without, with our own, and with a foreign certificate: %j',
    async (type, expected) => {
      const authorities = type === 'NoClientCert' ? '' : '  client_ca_file: ca.crt\n';
      const { url } = await start(`  client_auth_type: ${type}\n${authorities}`);
      const outcomes: string[] = [];
      for (const options of [{}, client, foreign]) outcomes.push(await outcome(url, options));
      expect(outcomes).toEqual(expected.map((enters) => (enters ? 'in\n' : 'refused')));
    },
  );

  it.each([
    ['client.test', true],
    ['10.0.0.1', true],
    ['fd00:0:0::1', true],
    ['ops@client.test', true],
    ['spiffe://test/a,b', true],
    ['[other.test, client.test]', true],
    ['other.test', false],
    ['CLIENT.TEST', false],
    ['spiffe://test/a', false],
    ['test', false],
  ])('are accepted when their certificate has the name %s: %s', async (name, enters) => {
    const sans = name.startsWith('[') ? name : `["${name}"]`;
    const { url } = await start(`  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: ${sans}
`);
    expect(await outcome(url, client)).toBe(enters ? 'in\n' : 'refused');
    expect(await outcome(url)).toBe('refused');
  });
});

describe('changed files', () => {
  it('are in force for the next connection: certificate, then authority', async () => {
    const secured = await start(
      '  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt',
    );
    expect(await outcome(secured.url, client)).toBe('in\n');

    const renewed = await serverCertificate(foreignCa);
    await secured.write('server.crt', renewed.cert);
    expect(await outcome(secured.url, client)).toBe('in\n');
    expect(secured.reports).toEqual([
      'web.yml:3:3: tls_server_config.key_file: expected the key of the certificate; got the key of another',
    ]);
    await secured.write('server.key', renewed.key);
    expect(await outcome(secured.url, client)).toBe('refused');
    expect(await outcome(secured.url, { ...client, ca: foreignCa.cert })).toBe('in\n');

    await secured.write('ca.crt', foreignCa.cert);
    expect(await outcome(secured.url, { ...client, ca: foreignCa.cert })).toBe('refused');
    expect(await outcome(secured.url, { ...foreign, ca: foreignCa.cert })).toBe('in\n');
    expect(secured.reports.slice(1)).toEqual(['changed', 'changed']);
  });

  it('can require client certificates without a restart', async () => {
    const secured = await start();
    expect(await outcome(secured.url)).toBe('in\n');
    await secured.write(
      'web.yml',
      tls('  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt'),
    );
    expect(await outcome(secured.url)).toBe('refused');
    expect(await outcome(secured.url, client)).toBe('in\n');
  });

  it('that are invalid change nothing, and are logged once', async () => {
    const secured = await start();
    await secured.write('web.yml', tls('  min_verson: TLS13'));
    for (let each = 0; each < 3; each++) expect(await outcome(secured.url)).toBe('in\n');
    expect(secured.reports).toEqual([
      'web.yml:4:3: tls_server_config.min_verson: expected a known key, perhaps min_version; got an unknown key',
    ]);
  });

  it('cannot switch TLS off without a restart', async () => {
    const secured = await start();
    await secured.write('web.yml', '');
    expect(await outcome(secured.url)).toBe('in\n');
    expect(secured.reports).toEqual([
      'web.yml:1:1: tls_server_config: expected a certificate, as when the exporter was started; got no certificate; restart the exporter to switch TLS on or off',
    ]);
  });
});

describe('handshakes that do not end', () => {
  it('are closed to make room for newer ones, so that other clients are served', async () => {
    const clock = new StoppedClock();
    const secured = await start('', {}, clock);
    const silent: net.Socket[] = [];
    for (let each = 0; each < MOST_HANDSHAKES; each++) {
      const socket = net.connect(secured.port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      silent.push(socket);
    }
    const [oldest] = silent;
    if (!oldest) throw new Error('no connection');
    const closed = once(oldest.resume(), 'close');
    clock.time += TIME_TO_SEND;
    for (let each = 0; each < 5; each++) expect(await outcome(secured.url)).toBe('in\n');
    await closed;
    for (const socket of silent) socket.destroy();
  });
});

describe('a client that is slow', () => {
  it('to finish the handshake, or to send its request, is disconnected', {
    timeout: 60_000,
  }, async () => {
    const secured = await start();
    const silent = net.connect(secured.port, '127.0.0.1').resume();
    const silentLater = connect({ port: secured.port, host: '127.0.0.1', ca: ca.cert }).resume();
    await once(silentLater, 'secureConnect');
    const closed = [silent, silentLater].map((socket) => once(socket, 'close'));
    expect(await outcome(secured.url)).toBe('in\n');
    await Promise.all(closed);
  });
});

describe('stopping', () => {
  it('waits for the current response, but not for unfinished handshakes', async () => {
    let finish = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun = (): void => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const app = express().get('/slow', async (_request, response) => {
      begun();
      await arrived;
      response.send('done');
    });
    const secured = await startSecured(
      { 'server.crt': server.cert, 'server.key': server.key, 'web.yml': tls('') },
      { app },
    );
    const silent = net.connect(secured.port, '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent.resume(), 'close');
    const slow = get(`${secured.url}/slow`);
    await hasBegun;
    const stopped = secured.stop();
    await closed;
    finish();
    expect((await slow).body).toBe('done');
    await stopped;
  });
});
