import { cp, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { DAY, SECOND } from '../../../src/clock.ts';
import { createWorld, type User } from '../../../src/simulator/index.ts';
import { CallClock } from '../../support/call-clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { Churn } from '../../support/long-run/churn.ts';
import {
  statesBetween,
  type UserHistory,
  WholeSeconds,
  WorldHistory,
} from '../../support/long-run/world-history.ts';
import { startExporter } from '../../support/start-exporter.ts';
import { startSimulator } from '../../support/start-simulator.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

const SEED = 11;
const TIMEOUT = 9973;
/** Three minutes before a day ends in UTC. */
const START = Date.UTC(2024, 4, 9, 23, 57);
const SECONDS = 360;
const MOMENTS = 80;

/** In seconds. Users and instances are listed as often as users are counted, and sessions last a few intervals. */
const INTERVAL = 4;
const LIVELY = { meanSessionMs: 40 * SECOND, multiDeviceRatio: 0.2, onlineRatio: 0.25 } as const;

/** The API tells starts in whole seconds. Passes take far less. */
const SLACK = 1;

/** Seconds after the start at which the exporter is killed or ended, and started again. */
const KILLED = { at: 100, back: 115 };
const ENDED = { at: 270, back: 280 };

/** Seconds before a kill in which the state may not have been written. */
const UNWRITTEN = 45;

describe.each(['auto', 'fan-out'] as const)('with the strategy %s', (strategy) => {
  it('history --at equals the world within one online interval, over midnight, a crash, a restart and changes', async () => {
    const clock = new CallClock(TIMEOUT, START);
    const worldClock = new WholeSeconds(clock);
    const world = createWorld({
      seed: SEED,
      clock: worldClock,
      activity: 'living',
      instances: [
        { id: 'sag-large', regionId: 'cn-shanghai', users: 30, usersLimit: 100, ...LIVELY },
        { id: 'sag-dying', regionId: 'cn-shanghai', users: 10, usersLimit: 100, ...LIVELY },
        { id: 'sag-small', regionId: 'ap-southeast-1', users: 10, usersLimit: 100, ...LIVELY },
      ],
    });
    const api = await startSimulator({ clock, world });
    onTestFinished(() => api.stop());
    const truth = new WorldHistory(world, worldClock);
    const churn = new Churn(world, SEED);
    let storagePath = join(await temporaryFolder(), 'storage');
    const start = () =>
      startExporter({
        endpoint: api.url,
        clock,
        storagePath,
        history: { enabled: true, keep: 90 * DAY },
        polling: {
          strategy,
          timeout: TIMEOUT,
          onlineInterval: INTERVAL * SECOND,
          usersInterval: INTERVAL * SECOND,
          discoveryInterval: INTERVAL * SECOND,
          sessionsInterval: 10 * INTERVAL * SECOND,
        },
      });
    // The exporter's files are written in real time. A test that waits for the disk in each second does not outrun it.
    const disk = await open(join(await temporaryFolder(), 'disk'), 'w');
    onTestFinished(() => disk.close());
    let exporter = await start();
    /** Ends the exporter while time stands still. */
    const stop = async (): Promise<void> => {
      let hasStopped = false;
      const stopping = exporter.stop().finally(() => {
        hasStopped = true;
      });
      while (!hasStopped) await clock.advance(0);
      await stopping;
    };
    for (let second = 0; second < SECONDS; second++) {
      if (second === KILLED.at) {
        // What a kill leaves: the files as they are now.
        const left = join(await temporaryFolder(), 'storage');
        await cp(storagePath, left, { recursive: true, filter: (path) => !path.endsWith('lock') });
        await stop();
        storagePath = left;
      }
      if (second === ENDED.at) await stop();
      if (second === KILLED.back || second === ENDED.back) exporter = await start();
      if (second === 220) world.removeInstance('sag-dying');
      if (second % 5 === 0) churn.change();
      truth.note();
      await clock.advance(SECOND);
      truth.note();
      for (let write = 0; write < 3; write++) {
        await disk.write('x');
        await disk.datasync();
      }
    }
    await stop();
    const days = await readdir(join(storagePath, 'history'));
    expect(days).toEqual(['2024-05-09.jsonl', '2024-05-10.jsonl']);

    const anySecond = fc.integer({ min: 30, max: SECONDS - 1 });
    let compared = 0;
    for (const second of fc.sample(anySecond, { numRuns: MOMENTS, seed: SEED })) {
      if (isUnknown(second)) continue;
      const at = START / SECOND + second;
      const online = await onlineAt(storagePath, at);
      for (const [instanceId, { users }] of truth.instances) {
        for (const [userName, user] of users) {
          const expected = expectation(user, at);
          const isOnline = online.has(`${instanceId} ${userName}`);
          if (expected === undefined) continue;
          compared++;
          expect({ second, instanceId, userName, isOnline }).toEqual({
            second,
            instanceId,
            userName,
            isOnline: expected,
          });
        }
      }
    }
    expect(compared).toBeGreaterThan(MOMENTS * 20);
    await expectSecretsKept(storagePath, world.users('sag-large'));
  }, 120_000);
});

/** Whether nothing is known for certain: the exporter was down, or has not written what it knew. */
function isUnknown(second: number): boolean {
  return (
    (second >= KILLED.at - UNWRITTEN && second <= KILLED.back + INTERVAL) ||
    (second >= ENDED.at - INTERVAL && second <= ENDED.back + INTERVAL)
  );
}

/**
 * Whether the user must be online or offline in the answer; undefined when the user logged in or out within the
 * online interval before, or was new.
 */
function expectation(user: UserHistory, at: number): boolean | undefined {
  const states = statesBetween(user, at - INTERVAL - SLACK, at + SLACK);
  const first = user.states[0];
  // A new user is counted after the list of users was read.
  if (!first || (first.from > START / SECOND && first.from > at - 3 * INTERVAL)) return undefined;
  const online = states.filter(({ sessions }) => sessions.length > 0);
  if (online.length === 0) return false;
  return online.length === states.length ? true : undefined;
}

/** Instances and users in the answer of the command, such as `sag-1 ada`. */
async function onlineAt(storagePath: string, at: number): Promise<ReadonlySet<string>> {
  const host = new FakeHost();
  const time = new Date(at * SECOND).toISOString();
  const args = ['history', `--storage.path=${storagePath}`, `--at=${time}`, '--json'];
  expect(await run(args, host), host.err).toBe(0);
  const { sessions } = JSON.parse(host.out) as {
    sessions: { instanceId: string; userName: string; startedAt: string; endedAt?: string }[];
  };
  for (const { startedAt, endedAt } of sessions) {
    expect(startedAt <= time && (endedAt === undefined || endedAt > time)).toBe(true);
  }
  return new Set(sessions.map(({ instanceId, userName }) => `${instanceId} ${userName}`));
}

async function expectSecretsKept(storagePath: string, users: readonly User[]): Promise<void> {
  const folder = join(storagePath, 'history');
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    expect(text).toContain('sag-large');
    expect(text).not.toContain('testsecret');
    for (const { mail } of users) expect(text).not.toContain(mail);
  }
}
