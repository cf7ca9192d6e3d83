import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Answer, ask } from '../support/ask.ts';
import { authority, certificate, serverCertificate } from '../support/certificates.ts';
import { holdSocket, startActivated } from '../support/start-activated.ts';
import { freePort, logLines, type Program, startCommand } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

let folder: string;
let config: string;
const programs: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-'));
  config = join(folder, 'config.yml');
  await writeFile(
    config,
    `
accounts:
  - name: a
    endpoint: http://127.0.0.1:1
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
`,
  );
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.end('SIGKILL');
});

afterAll(() => rm(folder, { recursive: true }));

function started(
  sockets: Parameters<typeof startActivated>[0],
  flags: readonly string[] = [],
): Program {
  const args = [`--config.file=${config}`, '--web.systemd-socket', '--log.format=json', ...flags];
  const program = startActivated(sockets, args);
  programs.push(program);
  return program;
}

const addressesOf = (program: Program): readonly unknown[] =>
  logLines(program)
    .filter(({ msg }) => msg === 'listening')
    .map(({ address }) => address);

const untilListening = (program: Program): Promise<void> =>
  vi.waitFor(() => expect(addressesOf(program), program.output.stderr).not.toEqual([]), PATIENCE);

const healthy = (url: string, socketPath?: string): Promise<Answer> =>
  ask(`${url}/-/healthy`, { ...(socketPath !== undefined && { socketPath }) });

describe('serve --web.systemd-socket', () => {
  it('serves each socket that systemd hands over, and logs its address', async () => {
    const [port, port6] = [await freePort(), await freePort()];
    const path = join(await temporaryFolder(), 'exporter socket');
    const program = started([holdSocket(port), holdSocket(port6, 6), holdSocket(path)]);
    await untilListening(program);
    expect(addressesOf(program)).toEqual([`127.0.0.1:${port}`, `[::1]:${port6}`, `unix:${path}`]);
    expect(await healthy(`http://127.0.0.1:${port}`)).toMatchObject({ status: 200 });
    expect(await healthy(`http://[::1]:${port6}`)).toMatchObject({ status: 200 });
    expect(await healthy('http://localhost', path)).toMatchObject({ status: 200 });
    expect(await program.end()).toBe(0);
  });

  it('asks for certificates and passwords on every socket, also a Unix socket', async () => {
    const ca = await authority();
    const [server, client] = await Promise.all([
      serverCertificate(ca),
      certificate({ dns: ['client.test'] }, ca),
    ]);
    const files = await temporaryFolder();
    for (const [name, text] of Object.entries({
      'server.crt': server.cert,
      'server.key': server.key,
      'ca.crt': ca.cert,
      'web.yml': `
tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
`,
    })) {
      await writeFile(join(files, name), text);
    }
    const port = await freePort();
    const socketPath = join(files, 'socket');
    const program = started(
      [holdSocket(port), holdSocket(socketPath)],
      [`--web.config.file=${join(files, 'web.yml')}`],
    );
    await untilListening(program);
    const url = `https://localhost:${port}/-/healthy`;
    for (const way of [{}, { socketPath }]) {
      const trusting = { ca: ca.cert, ...way };
      const known = { ...trusting, cert: client.cert, key: client.key };
      const answers = Array.from({ length: 5 }, () => ask(url, known));
      for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
      await expect(ask(url, trusting)).rejects.toThrow();
      await expect(ask(url.replace('https', 'http'), way)).rejects.toThrow();
    }
    expect(await program.end()).toBe(0);
  });

  it.each(['TCP', 'Unix'])('answers requests that come while it restarts (%s)', async (kind) => {
    const address = kind === 'TCP' ? await freePort() : join(await temporaryFolder(), 'socket');
    const request = (): Promise<Answer> =>
      typeof address === 'number'
        ? healthy(`http://127.0.0.1:${address}`)
        : healthy('http://localhost', address);
    const socket = holdSocket(address);
    const before = started([socket]);
    await untilListening(before);
    // Clients that each make one request after the other, on new connections.
    const statuses: number[] = [];
    let isOver = false;
    const clients = Array.from({ length: 10 }, async () => {
      while (!isOver) statuses.push((await request()).status);
    });
    await vi.waitFor(() => expect(statuses.length).toBeGreaterThan(50), PATIENCE);
    expect(await before.end()).toBe(0);
    // No process accepts connections now.
    const waiting = Array.from({ length: 50 }, request);
    const after = started([socket]);
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
    isOver = true;
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await after.end()).toBe(0);
  });

  it('answers a client that has connected, but sends its request only while the process ends', async () => {
    const port = await freePort();
    const program = started([holdSocket(port)]);
    await untilListening(program);
    const client = net.connect(port, '127.0.0.1');
    await once(client, 'connect');
    // The answer shows that the connection before it is accepted too.
    await healthy(`http://127.0.0.1:${port}`);
    program.child.kill();
    await vi.waitFor(() => expect(program.output.stderr).toContain('stopping'), PATIENCE);
    client.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(Buffer.concat(await client.toArray()).toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await program.ended).toBe(0);
  });
});

describe('serve --web.systemd-socket exits with 1 and says why', () => {
  const expected =
    'expected a stream socket that accepts connections (in the .socket unit: ListenStream= and Accept=no)';

  it('when systemd hands over no sockets', async () => {
    const program = startCommand([`--config.file=${config}`, '--web.systemd-socket']);
    programs.push(program);
    expect(await program.ended).toBe(1);
    expect(program.output.stderr).toMatch(/^sag-app-exporter: systemd handed over no sockets \(/);
  });

  it('when a file is handed over', async () => {
    const file = await open(config);
    onTestFinished(() => file.close());
    const program = started([holdSocket(await freePort()), file]);
    expect(await program.ended).toBe(1);
    expect(program.output.stderr).toBe(
      `sag-app-exporter: cannot listen on socket 4 (a.socket) from systemd (EINVAL): ${expected}; it is no socket\n`,
    );
  });

  it('when a connection is handed over, as with Accept=yes', async () => {
    const server = net.createServer();
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [net.Socket];
    onTestFinished(() => void [client, accepted].map((socket) => socket.destroy()));
    const program = started([accepted]);
    expect(await program.ended).toBe(1);
    expect(program.output.stderr).toBe(
      `sag-app-exporter: cannot listen on socket 3 (a.socket) from systemd (EINVAL): ${expected}; it is a connection\n`,
    );
  });
});

it('serve without --web.systemd-socket warns when systemd hands over sockets, and does not use them', async () => {
  const [held, port] = [await freePort(), await freePort()];
  const args = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`];
  const program = startActivated([holdSocket(held)], [...args, '--log.format=json']);
  programs.push(program);
  await untilListening(program);
  expect(addressesOf(program)).toEqual([`127.0.0.1:${port}`]);
  expect(logLines(program)[0]).toMatchObject({
    level: 'warn',
    msg: 'systemd hands over sockets, which are not used without --web.systemd-socket',
  });
});
