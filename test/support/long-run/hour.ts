import { MINUTE, SECOND } from '../../../src/clock.ts';
import { Fleet } from '../../../src/fleet/fleet.ts';
import { silentLog } from '../../../src/log.ts';
import { UserAdmission } from '../../../src/metrics/admission.ts';
import { FleetExposition } from '../../../src/metrics/exposition/exposition.ts';
import { plainUserNames } from '../../../src/metrics/user-names.ts';
import { ERROR_KINDS, type ErrorKind } from '../../../src/model/api-error.ts';
import { AccountPoller } from '../../../src/poll/account-poller.ts';
import type { PollSettings } from '../../../src/poll/settings.ts';
import {
  createSimulator,
  createWorld,
  DEFAULT_QUIRKS,
  type InstanceSpec,
  type Quirks,
} from '../../../src/simulator/index.ts';
import { createRandom } from '../../../src/simulator/world/random.ts';
import { paced } from '../../../src/smartag/pacing/paced.ts';
import { retrying } from '../../../src/smartag/pacing/retrying.ts';
import { observed } from '../../../src/smartag/transport/observed.ts';
import { drained } from '../drained.ts';
import { inMemoryClient } from '../in-memory-client.ts';
import { ManualClock } from '../manual-clock.ts';
import { DEFAULT_METRICS, DEFAULT_POLLING, DISCOVERING } from '../settings.ts';
import { AnswerTimes } from './answer-times.ts';
import { pollingOfModel } from './model-options.ts';
import { ReferenceModel } from './reference-model.ts';
import { WholeSeconds, WorldHistory } from './world-history.ts';

export const SEED = 7;
const STALE_AFTER = 5 * MINUTE;
const TIMEOUT = 5 * SECOND;
const CONCURRENCY = 8;
export const ACCOUNT = 'test';

export const SETTINGS = {
  ...DEFAULT_POLLING,
  discoveryInterval: 10 * MINUTE,
  usersInterval: 5 * MINUTE,
  onlineInterval: 30 * SECOND,
  sessionsInterval: 5 * MINUTE,
  pageSize: 50,
  concurrency: CONCURRENCY,
} as const satisfies Omit<PollSettings, 'strategy'>;

/** Sessions last minutes, so that every pass finds new ones. */
export const LIVELY = {
  meanSessionMs: 6 * MINUTE,
  multiDeviceRatio: 0.2,
  onlineRatio: 0.25,
} as const;

export const INSTANCES: readonly InstanceSpec[] = [
  { id: 'sag-large', regionId: 'cn-shanghai', users: 150, usersLimit: 400, ...LIVELY },
  { id: 'sag-dying', regionId: 'cn-shanghai', users: 60, usersLimit: 200, ...LIVELY },
  { id: 'sag-small', regionId: 'ap-southeast-1', users: 40, usersLimit: 200, ...LIVELY },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 8, usersLimit: 100, onlineRatio: 0.02 },
];

/**
 * The greatest age of sessions, in seconds, that a pass reuses. Fan-out reads them in each pass; otherwise
 * they are reused for the sessions interval after the pass that read them.
 */
const SESSIONS_KEPT = {
  'fan-out': 0,
  auto: SETTINGS.sessionsInterval / SECOND + 60,
} as const;

/** A whole exporter without HTTP, and the world that it polls, on one clock that the test moves. */
export function createHour(
  strategy: keyof typeof SESSIONS_KEPT,
  instances: readonly InstanceSpec[] = INSTANCES,
  quirks: Quirks = DEFAULT_QUIRKS,
) {
  const clock = new ManualClock();
  const worldClock = new WholeSeconds(clock);
  const world = createWorld({
    seed: SEED,
    clock: worldClock,
    instances,
    activity: 'living',
    mailNames: quirks.mailNames,
  });
  const simulator = createSimulator({ clock, world, seed: SEED, quirks });
  const answerTimes = new AnswerTimes(quirks.statisticsOmit === 'offline');
  const fleet = new Fleet(clock);
  const kinds = new Map<ErrorKind | 'OK', number>();
  const account = fleet.account(ACCOUNT);
  const api = inMemoryClient({
    simulator,
    clock,
    seed: SEED,
    timeout: TIMEOUT,
    onAnswer: (call) => answerTimes.record(call),
  });
  const counted = observed(api, {
    clock,
    onCall({ error }) {
      const kind = error?.kind ?? 'OK';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      account.up = error === undefined || ERROR_KINDS[error.kind].authenticated;
    },
  });
  const budgeted = paced(counted, {
    clock,
    concurrency: CONCURRENCY,
    requestsPerSecond: 50,
    adaptive: true,
    onWait() {},
    onBudget() {},
  });
  const { next: random } = createRandom(SEED, 'jitter');
  const client = retrying(budgeted, { clock, random, refreshCredentials() {} });
  const poller = new AccountPoller({
    account: {
      name: ACCOUNT,
      ...DISCOVERING,
      regions: ['cn-shanghai', 'ap-southeast-1'],
    },
    settings: { ...SETTINGS, strategy },
    client,
    fleet,
    clock,
    log: silentLog(),
  });
  const exposition = new FleetExposition({
    fleet,
    staleAfter: STALE_AFTER,
    settings: DEFAULT_METRICS,
    userNames: plainUserNames,
    admission: new UserAdmission(1_000_000),
  });
  const scrape = (): string => {
    const second = Math.floor(clock.now() / SECOND);
    return Buffer.concat([...drained(exposition.refresh()).text('text', second)]).toString();
  };
  const history = new WorldHistory(world, worldClock);
  const model = new ReferenceModel({
    history,
    answerTimes,
    sessionsKept: SESSIONS_KEPT[strategy],
    ...pollingOfModel({ ...SETTINGS, staleAfter: STALE_AFTER }),
    longestDiscovery: 60,
    slack: 0,
  });
  const stop = async (): Promise<void> => {
    await poller.stop();
    budgeted.close();
  };
  return {
    clock,
    worldClock,
    world,
    simulator,
    account,
    kinds,
    poller,
    scrape,
    history,
    model,
    /** The share of calls that were throttled or failed. */
    shareFailed: () => 1 - simulator.requests.count({ code: 'OK' }) / simulator.requests.count(),
    stop,
  };
}

export type Hour = ReturnType<typeof createHour>;
