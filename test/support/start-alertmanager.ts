import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { freePort, startProgram } from './start-program.ts';

/** An alert in a notification. */
export interface NotifiedAlert {
  /** The receiver that got the notification. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An alert in the API of Alertmanager. */
interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

/** A real Alertmanager with the example configuration, its waiting times shortened, and a receiver of webhooks. */
export interface StartedAlertmanager {
  /** host:port */
  readonly address: string;
  /** All notifications so far, oldest first. */
  readonly notified: readonly NotifiedAlert[];
  /** The alerts that Alertmanager holds now. */
  alerts(): Promise<readonly HeldAlert[]>;
  stop(): Promise<void>;
}

const EXAMPLE = new URL('../../config/alertmanager/alertmanager.yml', import.meta.url);

export async function startAlertmanager(): Promise<StartedAlertmanager> {
  const notified: NotifiedAlert[] = [];
  const receiver = createServer(async (request, response) => {
    const { alerts } = JSON.parse(await text(request)) as { alerts: NotifiedAlert[] };
    for (const { status, labels, annotations } of alerts)
      notified.push({ receiver: (request.url ?? '').slice(1), status, labels, annotations });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const webhooks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;

  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const config = join(folder, 'alertmanager.yml');
  const example = await readFile(EXAMPLE, 'utf8');
  await writeFile(
    config,
    example
      .replaceAll(/(group_wait|group_interval): \w+/g, '$1: 1s')
      .replaceAll('http://localhost:9095', webhooks),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram('prometheus-alertmanager', [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ]);
  await vi.waitFor(
    async () => {
      if (!(await fetch(`http://${address}/-/ready`)).ok) throw new Error('not ready yet');
    },
    { timeout: 30_000, interval: 200 },
  );
  return {
    address,
    notified,
    alerts: async () =>
      (await (await fetch(`http://${address}/api/v2/alerts`)).json()) as HeldAlert[],
    async stop() {
      await program.end();
      receiver.closeAllConnections();
      receiver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
