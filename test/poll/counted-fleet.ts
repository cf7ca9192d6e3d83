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

export const TOTALS = 'DescribeSagOnlineClientStatistics';
export const COUNTS = 'DescribeUserOnlineClientStatistics';
export const SESSIONS = 'DescribeUserOnlineClients';

const ACCOUNT = 'test';
const REGION = 'cn-shanghai';
const SEED = 5;

/** What a test wants of the fleet, the API and the polling. */
export interface FleetWishes {
  readonly instances?: readonly Omit<InstanceSpec, 'regionId'>[];
  readonly strategy?: PollSettings['strategy'];
  readonly quirks?: Partial<Quirks>;
  readonly discoveryInterval?: number;
  readonly sessionsInterval?: number;
  readonly lines?: LogLine[];
  /** Set before the first call. */
  readonly before?: (fleet: CountedFleet) => void;
}

type Names = readonly string[];

/** A reply of counts that a test alters: from user or instance to its online clients. */
type Alteration = (counts: Map<string, number>, names: Names) => void;

/**
 * A fleet behind the simulator, polled by a whole account poller on a clock that the test moves.
 * Only the online stage and what follows it run again and again: lists are read once an hour.
 */
export class CountedFleet {
  readonly clock = new ManualClock();
  readonly fleet = new Fleet(this.clock);
  readonly world;
  readonly simulator;
  /** Alters what the statistics of users answer. */
  alterCounts: Alteration = () => {};
  /** Alters what the totals of instances answer. */
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
      instances: instances.map((one) => ({ disabledRatio: 0, regionId: REGION, ...one })),
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
        regions: [REGION],
        discovery: true,
        instances: [],
        include: ['*'],
        exclude: [],
      },
      settings: {
        strategy,
        discoveryInterval,
        usersInterval: HOUR,
        onlineInterval: 30 * SECOND,
        sessionsInterval,
        traffic: { enabled: false, interval: HOUR },
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

  /** Lets so many online passes begin and end; the first are the learning ones. */
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

  /** Users who are online and with how many clients, as the exporter shows them. */
  shown(instanceId = 'sag-1'): Readonly<Record<string, number>> {
    const clients = this.record(instanceId).snapshot.online?.clients ?? new Map();
    return Object.fromEntries([...clients].filter(([, count]) => count > 0));
  }

  /** The same as it is in the world. */
  real(instanceId = 'sag-1'): Readonly<Record<string, number>> {
    const online = this.world.onlineUsers(instanceId);
    return Object.fromEntries(online.map(({ name, sessions }) => [name, sessions.length]));
  }

  offlineUser(instanceId = 'sag-1', which = 0): User {
    const offline = this.world.users(instanceId).filter(({ sessions }) => sessions.length === 0);
    const user = offline.at(which);
    if (!user) throw new Error(`${instanceId} has no such user`);
    return user;
  }

  onlineUser(instanceId = 'sag-1'): User {
    const user = this.world.onlineUsers(instanceId).at(0);
    if (!user) throw new Error(`nobody of ${instanceId} is online`);
    return user;
  }

  /** Sessions counted as begun and ended. */
  counters(instanceId = 'sag-1') {
    const { sessionsStarted, sessionsEnded } = this.record(instanceId).counters;
    return { sessionsStarted, sessionsEnded };
  }

  /** Has an operation answer as one that the API does not know. */
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
