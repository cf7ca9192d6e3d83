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
  const example = await readFile(EXAMPLE, 'utf8');
  const { address, stop } = await runAlertmanager(
    example.replaceAll('http://localhost:9095', webhooks),
  );
  return {
    address,
    notified,
    alerts: async () =>
      (await (await fetch(`http://${address}/api/v2/alerts`)).json()) as HeldAlert[],
    async stop() {
      await stop();
      receiver.closeAllConnections();
      receiver.close();
    },
  };
}

/** A real Alertmanager that runs with a configuration of which the waiting times are shortened. */
export interface RunningAlertmanager {
  /** host:port */
  readonly address: string;
  /** What it has logged, which is only warnings and errors. */
  log(): string;
  stop(): Promise<void>;
}

/** @param timeZone the zone of the process, as in the variable TZ */
export async function runAlertmanager(
  configuration: string,
  { externalUrl, timeZone }: { readonly externalUrl?: string; readonly timeZone?: string } = {},
): Promise<RunningAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const config = join(folder, 'alertmanager.yml');
  await writeFile(config, configuration.replaceAll(/(group_wait|group_interval): \w+/g, '$1: 1s'));
  const address = `127.0.0.1:${await freePort()}`;
  const program = startProgram(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      ...(externalUrl === undefined ? [] : [`--web.external-url=${externalUrl}`]),
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    timeZone === undefined ? {} : { TZ: timeZone },
  );
  await vi.waitFor(
    async () => {
      if (!(await fetch(`http://${address}/-/ready`)).ok) throw new Error('not ready yet');
    },
    { timeout: 30_000, interval: 200 },
  );
  return {
    address,
    log: () => program.output.stderr,
    async stop() {
      await program.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
