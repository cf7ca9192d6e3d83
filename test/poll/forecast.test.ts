import { afterEach, describe, expect, it, vi } from 'vitest';
import { lookAt } from '../../src/cli/plan/look.ts';
import { HOUR, MINUTE, SECOND, sleep } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { readText } from '../../src/input/read-file.ts';
import { silentLog } from '../../src/log.ts';
import { ApiError } from '../../src/model/api-error.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import type {
  FleetLook,
  ForecastSettings,
  InstanceLook,
} from '../../src/poll/forecast/fleet-look.ts';
import {
  effectiveStrategy,
  forecast,
  type StrategyForecast,
} from '../../src/poll/forecast/forecast.ts';
import { createWorld, DEFAULT_KEY, type World } from '../../src/simulator/index.ts';
import { createClient } from '../../src/smartag/client.ts';
import type { Client, Operation, Request } from '../../src/smartag/operation.ts';
import { paced } from '../../src/smartag/pacing/paced.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { DEFAULT_POLLING, DISCOVERING } from '../support/settings.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';

const INSTANCES = [
  { id: 'sag-small', regionId: 'cn-shanghai', users: 300, onlineRatio: 0.1 },
  { id: 'sag-large', regionId: 'cn-shanghai', users: 1200, onlineRatio: 0.1 },
];
const STRATEGIES = ['batched', 'fan-out'] as const;
const SHARE = 0.05;

const ACCOUNT = {
  name: 'test',
  credentials: { kind: 'static', ...DEFAULT_KEY },
  ...DISCOVERING,
  regions: ['cn-shanghai'],
} as const satisfies Config['accounts'][number];

const POLLING = {
  ...DEFAULT_POLLING,
  discoveryInterval: 10 * MINUTE,
  usersInterval: 5 * MINUTE,
  onlineInterval: 30 * SECOND,
  sessionsInterval: 5 * MINUTE,
  requestsPerSecond: 10,
  adaptive: false,
};

type CallsByOperation = Readonly<Record<string, number>>;

/** Calls of each operation, summed over the stages. */
function byOperation(
  { stages }: StrategyForecast,
  figure: 'firstCalls' | 'calls' | 'callsPerHour',
): CallsByOperation {
  const calls: Record<string, number> = {};
  for (const one of stages.flatMap(({ operations }) => operations)) {
    calls[one.operation] = (calls[one.operation] ?? 0) + one[figure];
  }
  return calls;
}

const sumOf = (calls: CallsByOperation): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

/** Expects all calls together and those of each operation within 5 %, or within one call of a few. */
function expectAlike(forecasted: CallsByOperation, counted: CallsByOperation): void {
  expect(Object.keys(forecasted).sort()).toEqual(Object.keys(counted).sort());
  for (const [operation, calls] of Object.entries(counted)) {
    const off = Math.abs((forecasted[operation] ?? 0) - calls);
    expect(off, `${operation}: ${calls} counted`).toBeLessThanOrEqual(Math.max(1, SHARE * calls));
  }
  expect(Math.abs(sumOf(forecasted) / sumOf(counted) - 1)).toBeLessThanOrEqual(SHARE);
}

describe('the forecast, against an exporter polling the simulator', () => {
  const clock = new ManualClock();
  let api: StartedSimulator | undefined;
  let exporter: StartedExporter | undefined;

  afterEach(async () => {
    await exporter?.stop();
    await api?.stop();
    exporter = undefined;
    api = undefined;
  });

  async function look(url: string) {
    const client = createClient({
      credentials: ACCOUNT.credentials,
      env: {},
      readFile: readText,
      endpoint: url,
      timeout: HOUR,
      concurrency: 8,
      requestsPerSecond: 100_000,
      adaptive: false,
      clock,
      random: () => 0,
      observer: { onCall() {}, onWait() {}, onBudget() {} },
    });
    try {
      const { signal } = new AbortController();
      return await lookAt({ account: ACCOUNT, client, pageSize: 50, signal });
    } finally {
      client.close();
    }
  }

  /** Resolves when discovery and every stage of every instance have succeeded since. */
  async function passesEnd(fleet: Fleet, since: number): Promise<void> {
    await vi.waitFor(
      async () => {
        await clock.advance(0.1 * SECOND);
        const instances = [...fleet.instances];
        expect(instances).toHaveLength(INSTANCES.length);
        const records = [
          ...[...fleet.regions].map(({ discovery }) => discovery),
          ...instances.flatMap(({ stages }) => [stages.users, stages.online, stages.sessions]),
        ];
        for (const { lastSuccess = 0 } of records) {
          expect(lastSuccess).toBeGreaterThan(since / SECOND);
        }
      },
      { timeout: 25_000, interval: 1 },
    );
  }

  it.each(STRATEGIES)('is right within five per cent: %s', async (strategy) => {
    api = await startSimulator({ clock, instances: INSTANCES });
    const { requests } = api.simulator;
    const seen = await look(api.url);
    expect(requests.count()).toBe(seen.calls);
    expect(seen.calls).toBeLessThanOrEqual(6);
    // The same interval for all stages, so that one pass of each follows the first passes.
    const interval = 30 * MINUTE;
    const polling = {
      ...POLLING,
      discoveryInterval: interval,
      usersInterval: interval,
      onlineInterval: interval,
      sessionsInterval: interval / 2,
      requestsPerSecond: 100_000,
    };
    const expected = forecast(seen, polling, strategy);

    requests.clear();
    const begun = clock.now() - 1;
    exporter = await startExporter({
      endpoint: api.url,
      clock,
      account: { regions: ACCOUNT.regions },
      polling: { ...polling, strategy, timeout: HOUR },
    });
    await passesEnd(exporter.fleet, begun);
    expectAlike(byOperation(expected, 'firstCalls'), requests.byOperation());
    expect(Math.abs(expected.first.calls / requests.count() - 1)).toBeLessThanOrEqual(SHARE);

    requests.clear();
    const first = clock.now();
    expect(first - begun).toBeLessThan(interval / 2);
    await clock.advance(begun + interval - first);
    await passesEnd(exporter.fleet, first);
    expectAlike(byOperation(expected, 'calls'), requests.byOperation());
  });
});

/** How the simulated API counts. */
interface Counting {
  readonly totals: 'right' | 'zero' | 'gone';
  /** Whether the counts of users leave out users who are offline. */
  readonly leavesOut: boolean;
}

/** A client with simulated answers and no HTTP; each call takes a moment of the test's clock. */
class WorldClient implements Client {
  readonly #world: World;
  readonly #clock: ManualClock;
  readonly #counting: Counting;
  calls: Record<string, number> = {};

  constructor(world: World, clock: ManualClock, counting: Counting) {
    this.#world = world;
    this.#clock = clock;
    this.#counting = counting;
  }

  async call<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    signal: AbortSignal,
  ): Promise<Reply> {
    this.calls[operation.name] = (this.calls[operation.name] ?? 0) + 1;
    await sleep(this.#clock, 20, signal);
    return operation.reply.parse(this.#answer(operation.name, operation.parameters(request)));
  }

  #answer(operation: string, parameters: Readonly<Record<string, unknown>>): unknown {
    const instanceId = String(parameters['SmartAGId']);
    const clientsOf = (name: string) => this.#world.user(instanceId, name).sessions;
    switch (operation) {
      case 'DescribeSmartAccessGateways': {
        const all = this.#world.instances().map(({ id }) => ({ SmartAGId: id }));
        return { TotalCount: all.length, SmartAccessGateways: { SmartAccessGateway: all } };
      }
      case 'DescribeSmartAccessGatewayClientUsers': {
        const users = this.#world.users(instanceId).map(({ name }) => ({ UserName: name }));
        const size = Number(parameters['PageSize']);
        const page = users.slice(size * (Number(parameters['PageNumber']) - 1)).slice(0, size);
        return { TotalCount: users.length, Users: { User: page } };
      }
      case 'DescribeSagOnlineClientStatistics': {
        const { totals } = this.#counting;
        if (totals === 'gone') {
          throw new ApiError({ kind: 'unsupported', operation, detail: 'there is none' });
        }
        const statistics = this.#world.instances().map(({ id, sessionCount }) => ({
          SmartAGId: id,
          OnlineCount: totals === 'zero' ? 0 : sessionCount,
        }));
        return { SagStatistics: { Statistics: statistics } };
      }
      case 'DescribeUserOnlineClientStatistics': {
        const names = [parameters['UserNames']].flat().map(String);
        const statistics = names
          .map((name) => ({ UserName: name, OnlineCount: clientsOf(name).length }))
          .filter(({ OnlineCount }) => OnlineCount > 0 || !this.#counting.leavesOut);
        return { UserStatistics: { Statistics: statistics } };
      }
      default: {
        const sessions = clientsOf(String(parameters['UserName']));
        const users = sessions.map(({ clientIp, onlineTime }) => ({
          ClientIp: clientIp,
          OnlineTime: onlineTime,
        }));
        return { Users: { User: users } };
      }
    }
  }
}

/** Every combination of an API's way to count and a strategy. */
const COMBINATIONS = [
  ['fan-out', { totals: 'right', leavesOut: false }],
  ...(['right', 'zero', 'gone'] as const).flatMap((totals) =>
    [false, true].map((leavesOut) => ['auto', { totals, leavesOut }] as const),
  ),
  ['batched', { totals: 'gone', leavesOut: true }],
] as const satisfies readonly (readonly [string, Counting])[];

const ALSO_IDLE = [
  ...INSTANCES,
  { id: 'sag-idle', regionId: 'cn-shanghai', users: 200, onlineRatio: 0 },
];

describe('the forecast, against hours of polling within a budget', () => {
  it.each(COMBINATIONS)(
    'is right within five per cent: %s, %j',
    async (strategy, counting) => {
      const clock = new ManualClock();
      const world = createWorld({ seed: 1, clock, instances: ALSO_IDLE });
      const api = new WorldClient(world, clock, counting);
      const { signal } = new AbortController();
      const looking = lookAt({ account: ACCOUNT, client: api, pageSize: 50, signal });
      await clock.advance(10 * SECOND);
      const expected = forecast(await looking, POLLING, strategy);

      const client = paced(api, {
        clock,
        concurrency: 8,
        requestsPerSecond: POLLING.requestsPerSecond,
        adaptive: false,
        onWait() {},
        onBudget() {},
      });
      const poller = new AccountPoller({
        account: ACCOUNT,
        settings: { ...POLLING, strategy, pageSize: 50, concurrency: 8 },
        client,
        fleet: new Fleet(clock),
        clock,
        log: silentLog(),
      });
      poller.start();
      await clock.advance(20 * MINUTE);
      api.calls = {};
      // Whole cycles of every stage; sessions are read again every 5 min 30 s.
      const hours = 11 / 6;
      await clock.advance(hours * HOUR);
      const perHour = Object.fromEntries(
        Object.entries(api.calls).map(([operation, calls]) => [operation, calls / hours]),
      );
      expectAlike(byOperation(expected, 'callsPerHour'), perHour);
      await poller.stop();
      client.close();
    },
    60_000,
  );
});

describe('the arithmetic', () => {
  const instance = (more: Partial<InstanceLook> = {}): InstanceLook => ({
    regionId: 'cn-shanghai',
    instanceId: 'sag-1',
    users: 100,
    pageSize: 50,
    clients: 10,
    totals: 'answering',
    counts: 'answering',
    leavesOut: false,
    ...more,
  });
  const fleetOf = (
    instances: readonly Partial<InstanceLook>[],
    more: Partial<FleetLook> = {},
  ): FleetLook => ({
    regionCalls: 0,
    discoveryCalls: 1,
    lengthsTold: true,
    instances: instances.map(instance),
    ...more,
  });
  const callsOf = (
    fleet: FleetLook,
    strategy: 'auto' | 'batched' | 'fan-out' = 'batched',
    settings: ForecastSettings = POLLING,
  ) => byOperation(forecast(fleet, settings, strategy), 'calls');

  const USERS = 'DescribeSmartAccessGatewayClientUsers';
  const TOTALS = 'DescribeSagOnlineClientStatistics';
  const COUNTS = 'DescribeUserOnlineClientStatistics';
  const SESSIONS = 'DescribeUserOnlineClients';

  const stagesOf = (fleet: FleetLook) =>
    Object.fromEntries(
      forecast(fleet, POLLING, 'batched').stages.map((stage) => [stage.stage, stage]),
    );

  it('has only discovery calls for an empty account', () => {
    expect(callsOf(fleetOf([], { regionCalls: 1, discoveryCalls: 9 }))).toEqual({
      DescribeRegions: 1,
      DescribeSmartAccessGateways: 9,
    });
  });

  it('asks 10,000 users with a tenth online in 1,402 calls first, then in 402', () => {
    const fleet = fleetOf([{ users: 10_000, clients: 1000 }]);
    const { first, stages } = forecast(fleet, POLLING, 'batched');
    expect(first).toEqual({ calls: 1402, duration: 140_200 });
    const quiet = stages.filter(({ stage }) => stage !== 'sessions');
    expect(quiet.flatMap(({ operations }) => operations.map(({ calls }) => calls))).toEqual([
      1, 200, 1, 200,
    ]);
    expect(forecast(fleet, POLLING, 'fan-out').first.calls).toBe(10_201);
  });

  it('has no online and sessions calls without users', () => {
    expect(callsOf(fleetOf([{ users: 0 }]))).toEqual({
      DescribeSmartAccessGateways: 1,
      [USERS]: 1,
    });
  });

  it('counts where the total is 0 after each discovery, where other totals are right', () => {
    const { online, sessions } = stagesOf(fleetOf([{ clients: 0 }, { clients: 10 }]));
    const [totals, counts] = online?.operations ?? [];
    expect(totals).toMatchObject({ operation: TOTALS, calls: 1 });
    expect(counts).toMatchObject({ operation: COUNTS, firstCalls: 4, calls: 2 + 2 / 20 });
    expect(sessions?.operations).toMatchObject([{ operation: SESSIONS, calls: 10 }]);
  });

  it('counts in each pass where no total is right, though it is 0', () => {
    expect(callsOf(fleetOf([{ clients: 0 }]))).toMatchObject({ [COUNTS]: 2 });
    expect(callsOf(fleetOf([{ clients: 0, onlineUsers: 40 }, {}]))).toMatchObject({ [COUNTS]: 4 });
    expect(callsOf(fleetOf([{ clients: 0 }]), 'fan-out')[SESSIONS]).toBe(100);
  });

  it('asks one by one about users whom the counts leave out: all at first, then a sample', () => {
    const { clients: _, ...unknown } = instance({ users: 1000, onlineUsers: 100, leavesOut: true });
    const without = { ...unknown, totals: 'unsupported' } as const;
    const { online } = stagesOf(fleetOf([], { instances: [without] }));
    expect(online?.operations).toMatchObject([
      { operation: TOTALS, firstCalls: 1, calls: 1 / 20 },
      { operation: COUNTS, firstCalls: 20, calls: 20 },
      { operation: SESSIONS, firstCalls: 900, calls: 20 },
    ]);
    const withTotals = fleetOf([{ users: 1000, clients: 100, leavesOut: true }]);
    expect(stagesOf(withTotals).online?.operations).toHaveLength(2);
  });

  it('assumes a tenth of the users online when no total is known', () => {
    const { clients: _, ...unknown } = instance({ totals: 'unsupported' });
    const fleet = fleetOf([], { instances: [unknown] });
    expect(callsOf(fleet, 'auto')[SESSIONS]).toBe(10);
    // The operation is tried again after each discovery, in one of 20 passes.
    expect(callsOf(fleet, 'auto')[TOTALS]).toBe(1 / 20);
  });

  it('reads the totals of 50 instances a call in each region, at first of those that are ready', () => {
    const there = Array.from({ length: 51 }, () => ({}));
    const fleet = fleetOf([...there, { regionId: 'ap-southeast-1' }]);
    expect(callsOf(fleet)[TOTALS]).toBe(3);
    const firstAt = (requestsPerSecond: number) =>
      byOperation(forecast(fleet, { ...POLLING, requestsPerSecond }, 'batched'), 'firstCalls')[
        TOTALS
      ];
    expect([1, 10, 100, 1000].map(firstAt)).toEqual([52, 52, 6, 3]);
  });

  it.each([
    [[25], 2],
    [[25, 20], 3],
    [[50], 2],
    [[0], 1],
    [[120, 30], 4],
    [[100], 3],
  ])('reads one more page if lists have no total: %j users', (users, pages) => {
    const fleet = fleetOf(
      users.map((count) => ({ users: count })),
      { lengthsTold: false },
    );
    expect(callsOf(fleet)[USERS]).toBe(pages);
  });

  it.each([
    [5 * MINUTE, 5.5 * MINUTE],
    [45 * SECOND, MINUTE],
    [SECOND, 30 * SECOND],
  ])('reads sessions again after %d ms at the online pass at %d ms', (sessionsInterval, period) => {
    const { stages } = forecast(fleetOf([{}]), { ...POLLING, sessionsInterval }, 'batched');
    expect(stages.find(({ stage }) => stage === 'sessions')?.period).toBe(period);
  });

  it('runs passes back to back that take longer than their interval', () => {
    const { stages } = forecast(fleetOf([{ users: 3000 }]), POLLING, 'fan-out');
    const online = stages.find(({ stage }) => stage === 'online');
    expect(online).toMatchObject({ duration: 300_000, period: 300_000, interval: 30_000 });
    expect(online?.operations).toMatchObject([{ callsPerHour: 36_000, callsPerDay: 864_000 }]);
  });

  it('includes traffic when it is enabled', () => {
    const settings = { ...POLLING, traffic: { enabled: true, interval: 15 * MINUTE } };
    expect(callsOf(fleetOf([{ users: 101 }]), 'batched', settings)).toMatchObject({
      DescribeUserFlowStatistics: 3,
    });
  });

  it('mixes the strategies where some instances lack a permission', () => {
    const fleet = fleetOf([{}, { counts: 'forbidden' }]);
    expect(effectiveStrategy('auto', fleet)).toBe('auto');
    expect(callsOf(fleet, 'auto')).toMatchObject({ [TOTALS]: 1, [COUNTS]: 2, [SESSIONS]: 110 });
  });

  it('knows which strategy auto amounts to', () => {
    const denied = { totals: 'forbidden', counts: 'forbidden' } as const;
    expect(effectiveStrategy('auto', fleetOf([{ totals: 'forbidden' }]))).toBe('batched');
    expect(effectiveStrategy('auto', fleetOf([{}, { users: 0, ...denied }]))).toBe('batched');
    expect(effectiveStrategy('auto', fleetOf([denied]))).toBe('fan-out');
    expect(effectiveStrategy('batched', fleetOf([denied]))).toBe('batched');
  });
});
