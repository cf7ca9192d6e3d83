// Measures the status pages of an instance with 100,000 users and of a fleet of 10,000 instances. Prints the time
// of an answer, its processor time, and the longest time that the event loop is blocked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DAY, SECOND, systemClock } from '../src/clock.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import { Presence } from '../src/fleet/presence.ts';
import { onlineSnapshot, sessionsSnapshot, usersSnapshot } from '../src/fleet/snapshots.ts';
import { silentLog } from '../src/log.ts';
import type { User } from '../src/model/user.ts';
import { createApp } from '../src/web/app.ts';
import { statusSources } from '../test/support/status-sources.ts';

const INTERVALS = { users: 300_000, online: 30_000, sessions: 30_000 };
const MILLISECOND = 1e6;

/** Gaps in the time for which the instances were watched, as an exporter has that is restarted every week. */
const GAPS = Array.from({ length: 17 }, (_, week) => ({
  from: daysAgo(7 * (17 - week)),
  to: daysAgo(7 * (17 - week)) + 7200,
}));

/** In seconds since the epoch. */
function daysAgo(days: number): number {
  return (systemClock.now() - days * DAY) / SECOND;
}

/** Adds an instance with `count` users, of whom every tenth is online. It has been watched for 120 days. */
function addInstance(fleet: Fleet, instanceId: string, count: number): void {
  const record = fleet.addInstance(
    { account: 'prod', regionId: 'cn-shanghai', instanceId },
    { configured: true, configuredLimit: count + 10, intervals: INTERVALS },
  );
  const users: User[] = Array.from({ length: count }, (_, index) => ({
    name: `user${(index * 7919) % count}`,
    enabled: index % 50 > 0,
    staticIp: false,
    bandwidth: 1000 * (index % 13),
  }));
  const clients = new Map(users.map(({ name }, index) => [name, Number(index % 10 === 0)]));
  const sessions = new Map(
    users.map(({ name }, index) => [
      name,
      index % 10 === 0 ? [{ clientIp: `10.0.${index % 250}.1`, start: 1.7e9 + index }] : [],
    ]),
  );
  record.snapshot = {
    users: usersSnapshot(users),
    online: onlineSnapshot(users, clients, undefined),
    sessions: sessionsSnapshot(users, sessions, undefined),
  };
  const presence = new Presence({
    watchedSince: daysAgo(120),
    countedAt: daysAgo(0),
    gaps: GAPS,
    users: users.map(({ name }, index) => [
      name,
      {
        firstSeen: daysAgo(120),
        ...(index % 3 > 0 && { lastOnline: daysAgo(index % 120) }),
        ...(index % 10 === 0 && { onlineUntil: daysAgo(0) }),
      },
    ]),
  });
  Object.assign(record, { presence });
  for (const stage of [record.stages.users, record.stages.online, record.stages.sessions]) {
    stage.begin();
    stage.succeed();
  }
}

const fleet = new Fleet(systemClock);
addInstance(fleet, 'sag-large', 100_000);
for (let index = 0; index < 10_000; index++) addInstance(fleet, `sag-${index}`, 5);

const app = createApp({
  telemetryPath: '/metrics',
  scrape: async function* () {},
  maxRequests: 100,
  onScrape: () => {},
  reasonsNotReady: () => [],
  status: statusSources({ fleet, clock: systemClock }),
  clock: systemClock,
  log: silentLog(),
});
const server = createServer(app);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const INSTANCE = '/instances/prod/cn-shanghai/sag-large';
const ASKED: readonly (readonly [string, string])[] = [
  ['warming up', `${INSTANCE}?sort=state`],
  ['users by name', `${INSTANCE}?sort=name`],
  ['the same again', `${INSTANCE}?sort=name&page=300`],
  ['users by session', `${INSTANCE}?sort=since`],
  ['users searched', `${INSTANCE}?q=user123`],
  ['users by last online', `${INSTANCE}?sort=lastOnline`],
  ['unused users', `${INSTANCE}?unused_for=90d`],
  ['1000 users as JSON', `/api/v1${INSTANCE}?sort=name`],
  ['all users as CSV', `/api/v1${INSTANCE}/users.csv?sort=name`],
  ['unused users as CSV', `/api/v1${INSTANCE}/users.csv?unused_for=90d&sort=lastOnline`],
  ['10,000 instances', '/'],
  ['instances by name', '/?sort=name&page=50'],
  ['1000 instances as JSON', '/api/v1/status'],
];
for (const [what, path] of ASKED) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const since = performance.now();
  const cpuBefore = process.cpuUsage();
  const { length } = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const took = performance.now() - since;
  const { user, system } = process.cpuUsage(cpuBefore);
  delay.disable();
  const held = Math.max(0, delay.max / MILLISECOND);
  console.log(
    `${what.padEnd(24)} ${took.toFixed(0).padStart(6)} ms, ${((user + system) / 1000).toFixed(0).padStart(4)} ms of processor, event loop held ${held.toFixed(0).padStart(4)} ms, ${Math.round(length / 1000)} kB`,
  );
}
server.close();
