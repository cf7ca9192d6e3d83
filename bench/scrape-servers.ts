/* The servers that bench/scrape compares. Each answers scrapes of the same fleet, in a process of its own. */
import { createServer, type RequestListener } from 'node:http';
import compression from 'compression';
import express from 'express';
import { Gauge, Registry } from 'prom-client';
import { HOUR, SECOND, systemClock } from '../src/clock.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import { onlineSnapshot, sessionsSnapshot, usersSnapshot } from '../src/fleet/snapshots.ts';
import { silentLog } from '../src/log.ts';
import { UserAdmission } from '../src/metrics/admission.ts';
import { FleetExposition } from '../src/metrics/exposition/exposition.ts';
import { piecesOf, Scrapes } from '../src/metrics/exposition/scrapes.ts';
import type { MetricsSettings } from '../src/metrics/metric.ts';
import { SelfMetrics } from '../src/metrics/self-metrics.ts';
import { plainUserNames } from '../src/metrics/user-names.ts';
import type { Session } from '../src/model/session.ts';
import { createApp } from '../src/web/app.ts';
import { listen } from '../src/web/server/listen.ts';
import { fleetSamples } from '../test/support/fleet-samples.ts';
import { DEFAULT_METRICS } from '../test/support/settings.ts';
import { statusSources } from '../test/support/status-sources.ts';

/** Users of the largest instance. */
const INSTANCE_USERS = 10_000;
/** Has no factor in common with 100, so that the users online are spread over the whole list. */
const SPREAD = 37;
const MOST_SERIES = 10_000_000;
const SETTINGS: MetricsSettings = DEFAULT_METRICS;

export interface FleetSize {
  readonly users: number;
  /** Users that are online, in percent. */
  readonly online: number;
}

/** A server under measurement. */
export interface Server {
  /** Listens on a free port of the loopback interface, which it returns. */
  listen(): Promise<number>;
  /** Fills the fleet, as passes of the poller would. */
  fill(size: FleetSize): Promise<void>;
  /** Completes every pass again; one user in ten has changed. */
  change?(): void;
}

function createFleet() {
  const fleet = new Fleet(systemClock);
  const firstStart = Math.floor(systemClock.now() / SECOND) - 40_000;
  let round = 0;
  const pass = (instanceId: string, count: number, online: number): void => {
    const id = { account: 'bench', regionId: 'cn-shanghai', instanceId };
    const intervals = { users: HOUR, online: HOUR, sessions: HOUR };
    const record =
      fleet.instance(id) ??
      fleet.addInstance(id, { configured: true, configuredLimit: count, intervals });
    const users = Array.from({ length: count }, (_, at) => ({
      name: `first.last-${at}@example.com`,
      enabled: true,
      staticIp: false,
      bandwidth: at % 10 === 0 ? 1000 + round : 250_000,
      acceleratedBandwidth: 0,
    }));
    const clients = new Map<string, number>();
    const sessions = new Map<string, readonly Session[]>();
    for (const [at, { name }] of users.entries()) {
      if ((at * SPREAD) % 100 >= online) continue;
      clients.set(name, 1);
      const clientIp = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
      // Users whose bandwidth changes in a round also get a new session.
      const start = firstStart + (at % 36_000) + (at % 10 === 0 ? round : 0);
      sessions.set(name, [{ clientIp, start }]);
    }
    record.presence.counted(systemClock.now() / SECOND, clients, true);
    record.snapshot = {
      users: usersSnapshot(users),
      online: onlineSnapshot(users, clients, undefined),
      sessions: sessionsSnapshot(users, sessions, undefined),
    };
    for (const stage of ['users', 'online', 'sessions'] as const) {
      record.stages[stage].begin();
      record.stages[stage].succeed();
    }
  };
  return {
    fleet,
    passes({ users, online }: FleetSize): void {
      const instances = Math.max(1, Math.ceil(users / INSTANCE_USERS));
      for (let at = 0; at < instances; at++)
        pass(`sag-${at}`, Math.ceil(users / instances), online);
      round++;
    },
  };
}

function scrapesOf(fleet: Fleet, sessionAge: boolean) {
  const exposition = new FleetExposition({
    fleet,
    staleAfter: HOUR,
    settings: { ...SETTINGS, sessionAge },
    userNames: plainUserNames,
    admission: new UserAdmission(MOST_SERIES),
  });
  // The clock moves a second with each scrape, so that every scrape has to compute new ages.
  let second = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + second * SECOND };
  const build = { version: '0.0.0', revision: '', nodeVersion: process.version };
  const scrapes = new Scrapes(exposition, new SelfMetrics(build), clock);
  return (...args: Parameters<Scrapes['answer']>): ReturnType<Scrapes['answer']> => {
    second++;
    return scrapes.answer(...args);
  };
}

/** The exporter, with everything that a request passes on its way. */
export function exporter(sessionAge: boolean): Server {
  const { fleet, passes } = createFleet();
  let filled: FleetSize = { users: 0, online: 0 };
  const app = createApp({
    telemetryPath: '/metrics',
    scrape: scrapesOf(fleet, sessionAge),
    maxRequests: 100,
    onScrape: () => {},
    reasonsNotReady: () => [],
    status: statusSources({ clock: systemClock }),
    clock: systemClock,
    log: silentLog(),
  });
  return {
    listen: async () => (await listen(app, { host: '127.0.0.1', port: 0 })).port,
    async fill(size) {
      filled = size;
      passes(size);
    },
    change: () => passes(filled),
  };
}

/** The text that client_golang serves. */
export async function textOf(size: FleetSize): Promise<Buffer> {
  const { fleet, passes } = createFleet();
  passes(size);
  return Buffer.concat(await piecesOf(scrapesOf(fleet, true)('text', 'identity')));
}

/** prom-client with a series for each sample, behind express and compression, as its documentation shows. */
export function promClient(): Server {
  const registry = new Registry();
  const app = express();
  app.use(compression({ level: 1 }));
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).end(await registry.metrics());
  });
  return {
    listen: () => listenPlainly(app),
    async fill(size) {
      const { fleet, passes } = createFleet();
      passes(size);
      const gauges = new Map<string, Gauge>();
      const second = Math.floor(systemClock.now() / SECOND);
      for (const { metric, name, labels, value } of fleetSamples(fleet, HOUR, SETTINGS)) {
        const { help, isAge } = metric;
        let gauge = gauges.get(name);
        if (!gauge) {
          // A histogram of prom-client has no way to set its counts, so each of its names is a gauge.
          const labelNames = Object.keys(labels);
          gauge = new Gauge({ name, help, labelNames, registers: [registry] });
          gauges.set(name, gauge);
        }
        gauge.set(labels, isAge ? second - value : value);
      }
    },
  };
}

/** One Buffer with the exporter's own answer in gzip. No server of these bytes can be faster. */
export function staticBuffer(sessionAge: boolean): Server {
  let body: Buffer = Buffer.alloc(0);
  return {
    listen: () =>
      listenPlainly((_request, response) => {
        response.writeHead(200, {
          'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
          'Content-Length': body.length,
          'Content-Encoding': 'gzip',
        });
        response.end(body);
      }),
    async fill(size) {
      const { fleet, passes } = createFleet();
      passes(size);
      body = Buffer.concat(await piecesOf(scrapesOf(fleet, sessionAge)('text', 'gzip')));
    },
  };
}

async function listenPlainly(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
