import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { ask } from '../../support/ask.ts';
import {
  authority,
  type Certificate,
  certificate,
  serverCertificate,
} from '../../support/certificates.ts';
import { type Program, startCommand, urlOf } from '../../support/start-program.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

const EXAMPLES = fileURLToPath(new URL('../../../config/web/', import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 250 };
const examples = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.yml'));

let folder: string;
let ca: Certificate;
let client: Certificate;
let api: StartedSimulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-'));
  ca = await authority();
  client = await certificate({ dns: ['prometheus.test'] }, ca);
  const server = await serverCertificate(ca);
  for (const [name, text] of Object.entries({
    'server.crt': server.cert,
    'server.key': server.key,
    'client-ca.crt': ca.cert,
    'client.crt': client.cert,
    'client.key': client.key,
  })) {
    await writeFile(join(folder, name), text);
  }
  for (const name of examples) await copyFile(join(EXAMPLES, name), join(folder, name));
  api = await startSimulator({ clock: systemClock });
  await writeFile(
    join(folder, 'config.yml'),
    `
accounts:
  - name: test
    endpoint: ${api.url}
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
`,
  );
});

afterAll(async () => {
  await api?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Starts the compiled exporter with an example. */
async function start(example: string): Promise<Program> {
  const program = startCommand([
    `--config.file=${join(folder, 'config.yml')}`,
    `--web.config.file=${join(folder, example)}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  await vi.waitFor(() => urlOf(program), PATIENCE);
  return program;
}

it('there are examples', () => {
  expect(examples.length).toBeGreaterThan(2);
});

describe.each(examples)('the example %s', (example) => {
  it('is right for promtool', () => {
    const { status, stdout, stderr } = spawnSync(
      'promtool',
      ['check', 'web-config', join(folder, example)],
      { encoding: 'utf8' },
    );
    expect({ status, output: `${stdout}${stderr}` }).toEqual({
      status: 0,
      output: `${join(folder, example)} SUCCESS\n`,
    });
  });

  it('keeps others out, and lets a real Prometheus scrape', async () => {
    const program = await start(example);
    let prometheus: StartedPrometheus | undefined;
    try {
      const url = new URL(urlOf(program));
      const outsider = await ask(`${url.href}metrics`, { ca: ca.cert }).then(
        ({ status }) => status,
        () => 'refused',
      );
      expect([401, 'refused']).toContain(outsider);
      prometheus = await startPrometheus(url.host, {
        scrape: {
          scheme: url.protocol.replace(':', ''),
          basic_auth: { username: 'prometheus', password: 'change-me' },
          ...(url.protocol === 'https:' && {
            tls_config: {
              ca_file: join(folder, 'client-ca.crt'),
              cert_file: join(folder, 'client.crt'),
              key_file: join(folder, 'client.key'),
            },
          }),
        },
      });
      await vi.waitFor(async () => {
        expect(await prometheus?.query('up{job="sag-app"}')).toMatchObject([{ value: 1 }]);
      }, PATIENCE);
    } finally {
      await prometheus?.stop();
      expect(await program.end()).toBe(0);
    }
  });
});
