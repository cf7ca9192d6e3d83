import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { ask } from '../support/ask.ts';
import { type Program, startCommand, urlOf } from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
let folder: string;
let api: StartedSimulator | undefined;
let program: Program | undefined;

afterEach(async () => {
  await program?.end('SIGKILL');
  await api?.stop();
  await rm(folder, { recursive: true });
});

it('each SIGHUP reloads the configuration, and SIGTERM still ends the process', async () => {
  folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-'));
  api = await startSimulator({ clock: systemClock });
  const file = join(folder, 'config.yml');
  const write = (name: string) =>
    writeFile(
      file,
      `
accounts:
  - name: ${name}
    endpoint: ${api?.url}
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
`,
    );
  await write('first');
  const serve = startCommand([
    `--config.file=${file}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  program = serve;
  await vi.waitFor(() => urlOf(serve), PATIENCE);
  for (const name of ['second', 'third']) {
    await write(name);
    serve.child.kill('SIGHUP');
    await vi.waitFor(async () => {
      const { body } = await ask(`${urlOf(serve)}/metrics`);
      expect(body).toContain(`sag_app_account_up{account="${name}"}`);
    }, PATIENCE);
  }
  expect(await serve.end()).toBe(0);
});
