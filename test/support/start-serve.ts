import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { startCommand, urlOf } from './start-program.ts';

/** A `serve` process that has polled its whole fleet. */
export interface StartedServe {
  readonly url: string;
  /** host:port */
  readonly address: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Options of a `serve` process, whose account `test` polls the simulator's regions. */
export interface ServeWishes {
  /** Base URL of the API. */
  readonly endpoint: string;
  /** The section of that name of the configuration file. */
  readonly polling: Readonly<Record<string, unknown>>;
  /** The section of that name of the configuration file. @default empty */
  readonly metrics?: Readonly<Record<string, unknown>>;
  /** host:port. @default a free port of the loopback interface */
  readonly address?: string;
}

/** Starts `serve` with a configuration file and waits until it is ready. */
export async function startServe({
  endpoint,
  polling,
  metrics = {},
  address = '127.0.0.1:0',
}: ServeWishes): Promise<StartedServe> {
  const folder = await mkdtemp(join(tmpdir(), 'serve-'));
  const file = join(folder, 'config.yml');
  await writeFile(
    file,
    `
accounts:
  - name: test
    endpoint: ${endpoint}
    regions: [cn-shanghai, ap-southeast-1]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling: ${JSON.stringify(polling)}
metrics: ${JSON.stringify(metrics)}
`,
  );
  const program = startCommand([
    `--config.file=${file}`,
    `--web.listen-address=${address}`,
    '--log.format=json',
  ]);
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    await program.end(signal);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await vi.waitFor(
      async () => expect((await fetch(`${urlOf(program)}/-/ready`)).status).toBe(200),
      { timeout: 60_000, interval: 100 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const url = urlOf(program);
  return { url, address: new URL(url).host, stop };
}
