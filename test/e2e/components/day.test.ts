import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY, HOUR, SECOND } from '../../../src/clock.ts';
import { freePort, type Program, startCommand, urlOf } from '../../support/start-program.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedServe, startServe } from '../../support/start-serve.ts';

const SCENARIO = fileURLToPath(
  new URL('../../../config/scenarios/morning-rush.yml', import.meta.url),
);
/** A day in a minute, an hour in two and a half seconds. */
const SPEED = 1440;
const PATIENCE = { timeout: 90_000, interval: 250 };

let simulator: Program;
let exporter: StartedServe;
let prometheus: StartedPrometheus;
let controlUrl: string;

/** The time in the simulator's world, in milliseconds since the epoch. */
async function worldTime(): Promise<number> {
  const state = (await (await fetch(`${controlUrl}/-/control/state`)).json()) as {
    time: { world: string };
  };
  return Date.parse(state.time.world);
}

beforeAll(async () => {
  const controlPort = await freePort();
  controlUrl = `http://127.0.0.1:${controlPort}`;
  simulator = startCommand([
    'simulate',
    `--scenario.file=${SCENARIO}`,
    `--scenario.speed=${SPEED}`,
    '--web.listen-address=127.0.0.1:0',
    `--control.listen-address=:${controlPort}`,
    '--log.format=json',
  ]);
  const api = await vi.waitFor(() => urlOf(simulator), PATIENCE);
  exporter = await startServe({
    endpoint: api,
    polling: { requests_per_second: 500, online_interval: '1s', users_interval: '10s' },
  });
  prometheus = await startPrometheus(exporter.address);
}, 90_000);

afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
  await simulator?.end();
});

/** The day passes in real time, so a machine that stands still for seconds makes hours of it missing: another day follows. */
const ANOTHER_DAY = { retry: 2 };

describe('a day in a minute, in a real Prometheus', ANOTHER_DAY, () => {
  it('has logins in the morning, logouts in the evening, and correct ages', async () => {
    // Jumps to two in the morning of a Monday or Tuesday, so that a whole working day follows.
    const before = await worldTime();
    const toMidnight = DAY - (before % DAY);
    const jump = await fetch(`${controlUrl}/-/control/jump`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: `${Math.round(toMidnight + 2 * HOUR)}ms` }),
    });
    expect(jump.status).toBe(200);
    const [world, wall] = [await worldTime(), Date.now()];
    const midnight = Math.floor(world / DAY) * DAY;
    await vi.waitFor(
      async () => expect(await worldTime()).toBeGreaterThan(midnight + 23 * HOUR),
      PATIENCE,
    );

    /** The value of an expression at an hour of that day, to the nearest second. */
    const hours = async (expression: string): Promise<(hour: number) => number> => {
      const at = (hour: number): number =>
        (wall + (midnight + hour * HOUR - world) / SPEED) / SECOND;
      const points = await prometheus.queryRange(expression, at(3), at(23));
      return (hour) => {
        const distance = (point: { readonly at: number }): number => Math.abs(point.at - at(hour));
        const [nearest] = [...points].sort((a, b) => distance(a) - distance(b));
        if (nearest === undefined || distance(nearest) > 2) throw new Error(`nothing at ${hour}`);
        return nearest.value;
      };
    };

    const online = await hours('sum(sag_app_online_users{instance_id!="sag-plant"})');
    const night = Math.max(online(4), online(5), online(6));
    expect(night).toBeLessThan(60);
    expect(online(11)).toBeGreaterThan(200);
    expect(online(15)).toBeGreaterThan(200);
    expect(online(22.5)).toBeLessThan(online(15) / 2);

    const started = await hours('sum(sag_app_sessions_started_total{instance_id!="sag-plant"})');
    const ended = await hours('sum(sag_app_sessions_ended_total{instance_id!="sag-plant"})');
    const logins = (from: number, to: number): number => started(to) - started(from);
    const logouts = (from: number, to: number): number => ended(to) - ended(from);
    expect(logins(6, 11)).toBeGreaterThan(150);
    expect(logins(6, 11)).toBeGreaterThan(2 * logouts(6, 11));
    expect(logouts(17, 22)).toBeGreaterThan(150);
    expect(logouts(17, 22)).toBeGreaterThan(2 * logins(17, 22));

    // A user who logged in in the morning has a session age of seconds, neither of hours nor negative.
    const oldest = await hours(
      'max(time() - sag_app_user_session_start_timestamp_seconds{instance_id!="sag-plant"})',
    );
    const newest = await hours(
      'min(time() - sag_app_user_session_start_timestamp_seconds{instance_id!="sag-plant"})',
    );
    for (let hour = 6; hour <= 22; hour++) {
      expect(newest(hour)).toBeGreaterThanOrEqual(0);
      expect(oldest(hour)).toBeGreaterThan(newest(hour));
      expect(oldest(hour)).toBeLessThan(120);
    }
  });
});
