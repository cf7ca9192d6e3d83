import { once } from 'node:events';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signOfLife } from '../../../src/cli/healthcheck/sign-of-life.ts';
import { run } from '../../../src/cli/run.ts';
import { listen } from '../../../src/web/server/listen.ts';
import { authority, serverCertificate } from '../../support/certificates.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { freePort } from '../../support/start-program.ts';
import { startSecured } from '../../web/secured-server.ts';

async function check(address: string) {
  const host = new FakeHost();
  const code = await run(['healthcheck', `--web.listen-address=${address}`], host);
  return { code, out: host.out, err: host.err };
}

const healthy = (address: string, sign: string) => ({
  code: 0,
  out: `healthy: ${address} ${sign}\n`,
  err: '',
});
const unhealthy = (address: string, reason: string) => ({
  code: 1,
  out: '',
  err: `unhealthy: ${address}: ${reason}\n`,
});

describe('healthcheck', () => {
  const HASH = '$2b$04$eb0gJ.TkcUjMRgjgYxN1xeHD9CsImjsWYiGNoGrD6bDDnU2uWlqO6';

  it.each([
    ['no TLS', '', 'answers HTTP 404'],
    ['users', `basic_auth_users: { alice: ${HASH} }`, 'answers HTTP 401'],
    ['TLS', 'tls_server_config: { cert_file: crt, key_file: key }', 'answers HTTPS 404'],
    [
      'TLS and users',
      `tls_server_config: { cert_file: crt, key_file: key }\nbasic_auth_users: { alice: ${HASH} }`,
      'answers HTTPS 401',
    ],
    [
      "clients' certificates",
      'tls_server_config: { cert_file: crt, key_file: key, client_ca_file: ca, client_auth_type: RequireAndVerifyClientCert }',
      'asks for a client certificate',
    ],
    [
      "clients' certificates by TLS 1.2",
      'tls_server_config: { cert_file: crt, key_file: key, client_ca_file: ca, client_auth_type: RequireAndVerifyClientCert, max_version: TLS12 }',
      'asks for a client certificate',
    ],
    [
      "anybody's certificate",
      'tls_server_config: { cert_file: crt, key_file: key, client_auth_type: RequireAnyClientCert }',
      'asks for a client certificate',
    ],
  ])('finds a server with %s healthy', async (_with, webConfig, sign) => {
    const ca = await authority();
    const { cert, key } = await serverCertificate(ca);
    const { address } = await startSecured({ 'web.yml': webConfig, crt: cert, key, ca: ca.cert });
    expect(await check(address)).toEqual(healthy(address, sign));
  });

  it.each([
    ['', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost'],
  ])('reaches a server that listens on the host "%s"', async (host, reached) => {
    const listener = await listen((_request, response) => response.end(), {
      ...(host && { host }),
      port: 0,
    });
    onTestFinished(() => listener.stop());
    expect(await check(`${host}:${listener.port}`)).toEqual(
      healthy(`${reached}:${listener.port}`, 'answers HTTP 200'),
    );
  });

  it('reaches a server on an abstract Unix socket, whose name /proc shows with `@`', async () => {
    const name = `sag-app-exporter-${process.pid}`;
    const server = createServer((_request, response) => response.end()).listen(`\0${name}`);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { signal } = new AbortController();
    expect(await signOfLife({ path: `@${name}` }, signal)).toBe('answers HTTP 200');
  });

  it('is unhealthy when no server listens', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    expect(await check(address)).toEqual(unhealthy(address, 'ECONNREFUSED'));
  });

  it('is unhealthy when the server closes the connection', async () => {
    const address = await startTcp((socket) => socket.destroy());
    expect(await check(address)).toEqual(unhealthy(address, 'ECONNRESET'));
  });

  it('is unhealthy when the server speaks neither HTTP nor TLS', async () => {
    const address = await startTcp((socket) => socket.end('220 mail\r\n'));
    expect(await check(address)).toMatchObject({ code: 1, out: '' });
  });

  it('does not wait for a server that never answers', async () => {
    const waiting = new AbortController();
    const address = await startTcp(() => waiting.abort(new Error('long enough')));
    const [host = '', port] = address.split(':');
    await expect(signOfLife({ host, port: Number(port) }, waiting.signal)).rejects.toThrow(
      'long enough',
    );
  });

  it('cannot know a port that the operating system picked', async () => {
    expect(await check(':0')).toMatchObject({
      code: 1,
      err: 'unhealthy: it listens on a port of its own choice (port 0): name the port with --web.listen-address\n',
    });
  });
});

/** A server of TCP, until the test ends. */
async function startTcp(onConnection: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
