import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { createLog, silentLog } from '../../src/log.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import type { PollSettings } from '../../src/poll/settings.ts';
import {
  createSimulator,
  createWorld,
  type InstanceSpec,
  type Quirks,
  type User,
} from '../../src/simulator/index.ts';
import type { Client, Operation, Request } from '../../src/smartag/operation.ts';
import type { LogLine } from '../support/fake-host.ts';
import { inMemoryClient } from '../support/in-memory-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { DEFAULT_POLLING, DISCOVERING } from '../support/settings.ts';

export const TOTALS = 'DescribeSagOnlineClientStatistics';
export const COUNTS = 'DescribeUserOnlineClientStatistics';
export const SESSIONS = 'DescribeUserOnlineClients';

const ACCOUNT = 'test';
const REGION = 'cn-shanghai';
const SEED = 5;

/** The options of a test for the fleet, the API and the polling. */
export interface FleetWishes {
  readonly instances?: readonly Omit<InstanceSpec, 'regionId'>[];
  readonly strategy?: PollSettings['strategy'];
  readonly quirks?: Partial<Quirks>;
  readonly discoveryInterval?: number;
  readonly sessionsInterval?: number;
  readonly lines?: LogLine[];
  /** Prepares the fleet before the first call of the API. */
  readonly before?: (fleet: CountedFleet) => void;
}

type Names = readonly string[];

/** Changes a reply, which holds the online clients by user or instance. */
type Alteration = (counts: Map<string, number>, names: Names) => void;

/**
 * A simulated fleet that an account poller polls, on a clock that the test moves. Lists are read once an hour, so
 * that only the online stage and the sessions stage run often.
 */
export class CountedFleet {
  readonly clock = new ManualClock();
  readonly fleet = new Fleet(this.clock);
  readonly world;
  readonly simulator;
  /** Changes the replies of the user statistics. */
  alterCounts: Alteration = () => {};
  /** Changes the replies with totals of instances. */
  alterTotals: Alteration = () => {};
  readonly #poller: AccountPoller;

  constructor(wishes: FleetWishes = {}) {
    const { clock, fleet } = this;
    const {
      instances = [{ id: 'sag-1', users: 1000, onlineRatio: 0.1 }],
      strategy = 'auto',
      quirks = {},
      discoveryInterval = HOUR,
      sessionsInterval = HOUR,
      lines,
    } = wishes;
    this.world = createWorld({
      seed: SEED,
      clock,
      instances: instances.map((spec) => ({ disabledRatio: 0, regionId: REGION, ...spec })),
    });
    this.simulator = createSimulator({
      clock,
      seed: SEED,
      world: this.world,
      quirks,
      recordRequests: true,
    });
    const api = inMemoryClient({ simulator: this.simulator, clock, seed: SEED, timeout: MINUTE });
    this.#poller = new AccountPoller({
      account: {
        name: ACCOUNT,
        ...DISCOVERING,
        regions: [REGION],
      },
      settings: {
        ...DEFAULT_POLLING,
        strategy,
        discoveryInterval,
        usersInterval: HOUR,
        onlineInterval: 30 * SECOND,
        sessionsInterval,
        pageSize: 50,
        concurrency: 8,
      },
      client: this.#altering(api),
      fleet,
      clock,
      log: lines ? logInto(lines) : silentLog(),
    });
    wishes.before?.(this);
    this.#poller.start();
  }

  #altering(api: Client): Client {
    const alter = (operation: string, reply: unknown, names: Names): void => {
      if (!(reply instanceof Map)) return;
      if (operation === COUNTS) this.alterCounts(reply, names);
      if (operation === TOTALS) this.alterTotals(reply, names);
    };
    return {
      async call<Req extends Request, Reply>(
        operation: Operation<Req, Reply>,
        request: Req,
        signal: AbortSignal,
      ): Promise<Reply> {
        const reply = await api.call(operation, request, signal);
        const { UserNames, SmartAGIds } = operation.parameters(request);
        alter(operation.name, reply, [UserNames ?? SmartAGIds ?? []].flat().map(String));
        return reply;
      },
    };
  }

  /** Moves time on by this many online intervals, so that as many online passes begin and end. */
  async pass(passes = 1): Promise<void> {
    await this.clock.advance(passes * 30 * SECOND);
  }

  /** Calls of the next pass, by operation. */
  async callsOfAPass(): Promise<Readonly<Record<string, number>>> {
    this.simulator.requests.clear();
    await this.pass();
    return this.simulator.requests.byOperation();
  }

  record(instanceId = 'sag-1') {
    const record = this.fleet.instance({ account: ACCOUNT, regionId: REGION, instanceId });
    if (!record) throw new Error(`${instanceId} is not watched`);
    return record;
  }

  /** Online clients by user, as the exporter shows them. */
  shown(instanceId = 'sag-1'): Readonly<Record<string, number>> {
    const clients = this.record(instanceId).snapshot.online?.clients ?? new Map();
    return Object.fromEntries([...clients].filter(([, count]) => count > 0));
  }

  /** Online clients by user in the simulated world. */
  real(instanceId = 'sag-1'): Readonly<Record<string, number>> {
    const online = this.world.onlineUsers(instanceId);
    return Object.fromEntries(online.map(({ name, sessions }) => [name, sessions.length]));
  }

  offlineUser(instanceId = 'sag-1', index = 0): User {
    const offline = this.world.users(instanceId).filter(({ sessions }) => sessions.length === 0);
    const user = offline.at(index);
    if (!user) throw new Error(`${instanceId} has too few offline users`);
    return user;
  }

  onlineUser(instanceId = 'sag-1'): User {
    const user = this.world.onlineUsers(instanceId).at(0);
    if (!user) throw new Error(`nobody of ${instanceId} is online`);
    return user;
  }

  /** The numbers of started and ended sessions. */
  counters(instanceId = 'sag-1') {
    const { sessionsStarted, sessionsEnded } = this.record(instanceId).counters;
    return { sessionsStarted, sessionsEnded };
  }

  /** Makes an operation answer as if the API did not know it. */
  removeOperation(operation: string): () => void {
    return this.simulator.faults.add({
      match: { operation },
      effect: { error: { code: 'InvalidApi.NotFound', httpStatus: 404 } },
    });
  }

  async stop(): Promise<void> {
    await this.#poller.stop();
  }
}

function logInto(lines: LogLine[]) {
  return createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line: string) => lines.push(JSON.parse(line)) },
  });
}

export const sumOf = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);
