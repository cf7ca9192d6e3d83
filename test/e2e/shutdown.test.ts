import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type Program, startCommand, urlOf } from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const folders: string[] = [];
let api: StartedSimulator | undefined;
let program: Program | undefined;

afterEach(async () => {
  await program?.end('SIGKILL');
  await api?.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function configFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-'));
  folders.push(folder);
  const file = join(folder, 'config.yml');
  await writeFile(file, text);
  return file;
}

describe('serve, stopped in the middle of a pass', () => {
  it('aborts its calls, even those that hang, and exits with 0', async () => {
    api = await startSimulator({ clock: systemClock });
    api.simulator.faults.add({
      match: { operation: 'DescribeUserOnlineClients' },
      effect: { hang: true },
    });
    const file = await configFile(`
accounts:
  - name: hung
    endpoint: ${api.url}
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling: { timeout: 1h, strategy: fan-out }
`);
    const serve = startCommand([
      `--config.file=${file}`,
      '--web.listen-address=127.0.0.1:0',
      '--log.format=json',
    ]);
    program = serve;
    const { requests } = api.simulator;
    await vi.waitFor(
      () => expect(requests.count({ operation: 'DescribeUserOnlineClients' })).toBeGreaterThan(0),
      PATIENCE,
    );
    expect((await fetch(`${urlOf(serve)}/-/ready`)).status).toBe(503);
    expect(await serve.end()).toBe(0);
  });
});

describe('serve on a port that is taken', () => {
  it('logs the reason and exits with 1', async () => {
    api = await startSimulator();
    const { port } = new URL(api.url);
    const serve = startCommand([`--web.listen-address=127.0.0.1:${port}`], {
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    });
    program = serve;
    expect(await serve.ended).toBe(1);
    expect(serve.output.stderr).toContain(
      `cannot listen on 127.0.0.1:${port}: another process does`,
    );
  });
});
