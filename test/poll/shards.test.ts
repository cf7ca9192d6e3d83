import { expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { silentLog } from '../../src/log.ts';
import type { Shard } from '../../src/model/shard.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import { ownerOf } from '../../src/poll/shard-owner.ts';
import { createSimulator, createWorld } from '../../src/simulator/index.ts';
import type { Client, Operation, Request } from '../../src/smartag/operation.ts';
import { inMemoryClient } from '../support/in-memory-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { DEFAULT_POLLING } from '../support/settings.ts';

const REGION = 'cn-shanghai';
const IDS = ['sag-a', 'sag-b', 'sag-c', 'sag-d', 'sag-e', 'sag-f'];
const TOTALS = 'DescribeSagOnlineClientStatistics';
const LIST = 'DescribeSmartAccessGateways';

/** Decorates a client: records the instances that each operation is called for. */
class RecordingClient implements Client {
  readonly idsByOperation = new Map<string, Set<string>>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  call<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    signal: AbortSignal,
  ): Promise<Reply> {
    const parameters = Object.entries(operation.parameters(request));
    const ids = parameters.filter(([name]) => name.startsWith('SmartAGId')).flatMap(([, id]) => id);
    const earlier = this.idsByOperation.get(operation.name) ?? new Set();
    this.idsByOperation.set(operation.name, new Set([...earlier, ...ids.map(String)]));
    return this.#client.call(operation, request, signal);
  }
}

/** Polls a fleet as a shard for some minutes; returns the instances that it watched and made calls for. */
async function polledAs(shard: Shard, explicit: boolean) {
  const clock = new ManualClock();
  const instances = IDS.map((id) => ({ id, regionId: REGION, users: 5, onlineRatio: 0.5 }));
  const world = createWorld({ seed: 1, clock, instances });
  const simulator = createSimulator({ clock, world });
  const client = new RecordingClient(
    inMemoryClient({ simulator, clock, seed: 1, timeout: MINUTE }),
  );
  const fleet = new Fleet(clock);
  const poller = new AccountPoller({
    account: {
      name: 'test',
      regions: [REGION],
      discovery: !explicit,
      instances: explicit ? IDS.map((id) => ({ id, region: REGION })) : [],
      include: ['*'],
      exclude: [],
    },
    settings: {
      ...DEFAULT_POLLING,
      discoveryInterval: MINUTE,
      usersInterval: MINUTE,
      onlineInterval: 10 * SECOND,
      sessionsInterval: MINUTE,
      traffic: { enabled: true, interval: MINUTE },
      strategy: 'auto',
      pageSize: 50,
      concurrency: 8,
    },
    shard,
    client,
    fleet,
    clock,
    log: silentLog(),
  });
  poller.start();
  await clock.advance(3 * MINUTE);
  const stopped = poller.stop();
  await clock.advance(SECOND);
  await stopped;
  return {
    watched: [...fleet.instances].map(({ id }) => id.instanceId),
    idsByOperation: client.idsByOperation,
  };
}

const ownIds = ({ index, total }: Shard): readonly string[] =>
  IDS.filter(
    (id) => ownerOf({ account: 'test', regionId: REGION, instanceId: id }, total) === index,
  );

it.each([
  [{ index: 0, total: 1 }, false],
  [{ index: 0, total: 3 }, false],
  [{ index: 1, total: 3 }, false],
  [{ index: 2, total: 3 }, true],
  [{ index: 0, total: 3 }, true],
])(
  'the shard %j makes calls only for its own instances, except in discovery (instances in the configuration: %j)',
  async (shard, explicit) => {
    const { watched, idsByOperation } = await polledAs(shard, explicit);
    const own = ownIds(shard);
    expect(own.length).toBeGreaterThan(0);
    expect(watched.toSorted()).toEqual(own);
    expect([...idsByOperation.keys()]).toEqual(expect.arrayContaining([LIST, TOTALS]));
    for (const [operation, ids] of idsByOperation) {
      expect([...ids].toSorted(), operation).toEqual(
        operation !== LIST ? own : explicit ? IDS : [],
      );
    }
  },
);
