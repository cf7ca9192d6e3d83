import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../../src/simulator/index.ts';
import { Lists } from '../../../src/smartag/lists/lists.ts';
import type { Client } from '../../../src/smartag/operation.ts';
import { failureOf, NEVER } from '../calls.ts';
import { startClient } from '../start-client.ts';

const USERS = { regionId: 'cn-shanghai', instanceId: 'sag-1', pageSize: 50 } as const;

const INSTANCES = [{ id: 'sag-1', regionId: 'cn-shanghai', users: 130 }];

describe('the users of an instance', () => {
  it.each<Partial<Quirks>>([
    {},
    { totalCount: 'page' },
    { maxPageSize: 20 },
    { maxPageSize: 20, echoedPageSize: 'requested' },
    { maxPageSize: 20, echoedPageSize: 'requested', totalCount: 'page' },
    { maxPageSize: 20, echoedPageSize: 'requested', omit: ['TotalCount', 'PageSize'] },
    { lists: 'bare' },
    { lists: 'single-as-object' },
    { lists: 'empty-as-string' },
    { lists: 'empty-missing' },
    { numbersAsStrings: true },
    { bigIntegers: true },
    { omit: ['UserMail', 'Bandwidth', 'State', 'IsStaticIp', 'AccelerateBandwidth', 'ClientIp'] },
  ])('are all read with each quirk of the API: %j', async (quirks) => {
    const { lists, simulator } = await startClient({}, { instances: INSTANCES, quirks });
    const names = simulator.world.users('sag-1').map(({ name }) => name);
    // The second read uses what the first one learned.
    for (let each = 0; each < 2; each++) {
      const { items, doubt } = await lists.users(USERS, NEVER);
      expect(doubt).toBeUndefined();
      expect(items.map(({ name }) => name)).toEqual(names);
    }
  });

  it.each(['wrapped', 'bare', 'single-as-object', 'empty-as-string', 'empty-missing'] as const)(
    'are one, or none: lists %s',
    async (shape) => {
      const { lists, simulator } = await startClient(
        {},
        {
          instances: [{ ...INSTANCES[0], id: 'sag-1', regionId: 'cn-shanghai', users: 1 }],
          quirks: { lists: shape },
        },
      );
      const [user] = simulator.world.users('sag-1');
      expect((await lists.users(USERS, NEVER)).items).toMatchObject([{ name: user?.name }]);
      simulator.world.removeUser('sag-1', user?.name ?? '');
      expect((await lists.users(USERS, NEVER)).items).toEqual([]);
    },
  );

  it('are read again when they change during the read', async () => {
    const { lists, simulator } = await startClient({}, { instances: INSTANCES });
    const { world } = simulator;
    let pages = 0;
    const { items, doubt } = await lists.users(
      {
        ...USERS,
        onProgress: () => {
          pages++;
          if (pages === 1) world.removeUser('sag-1', world.users('sag-1')[0]?.name ?? '');
        },
      },
      NEVER,
    );
    expect(doubt).toBeUndefined();
    expect(items.map(({ name }) => name)).toEqual(world.users('sag-1').map(({ name }) => name));
    expect(pages).toBe(6);
  });

  it('of an unknown instance are not found', async () => {
    const { lists } = await startClient();
    const failure = await failureOf(lists.users({ ...USERS, instanceId: 'sag-none' }, NEVER));
    expect(failure).toMatchObject({ kind: 'not-found', code: 'SAG.InstanceNoFound' });
  });

  it.each([
    ['without a name', { UserName: '' }],
    ['with a name of 65 KiB', { UserName: 'x'.repeat(65 * 1024) }],
    ['listed twice', { UserName: 'user1' }],
  ])('with one that is %s cost one more read each time, not three', async (_, odd) => {
    const { lists, simulator } = await startClient({}, { instances: INSTANCES });
    const users = [{ UserName: 'user1' }, { UserName: 'user2' }, odd];
    const body = JSON.stringify({ TotalCount: 3, Users: { User: users } });
    simulator.faults.add({ effect: { body, httpStatus: 200 } });
    await lists.users(USERS, NEVER);
    const known = new Set(['user1', 'user2']);
    const before = simulator.requests.count();
    for (let pass = 0; pass < 5; pass++) {
      const { items, doubt } = await lists.users({ ...USERS, known }, NEVER);
      expect(items.map(({ name }) => name)).toEqual(['user1', 'user2']);
      expect(doubt).toBeDefined();
    }
    const pagesOfOneRead = (simulator.requests.count() - before) / 5 / 2;
    expect([1, 2]).toContain(pagesOfOneRead);
  });

  it('are read twice when fewer than half of the known ones are left, however many there may be', async () => {
    const { lists, simulator } = await startClient({}, { instances: INSTANCES });
    const { items } = await lists.users(USERS, NEVER);
    const callsOf = async (lost: number): Promise<number> => {
      const names = items.map(({ name }) => name);
      const known = new Set([...names, ...Array.from({ length: lost }, (_, n) => `lost${n}`)]);
      const before = simulator.requests.count();
      expect((await lists.users({ ...USERS, known }, NEVER)).doubt).toBeUndefined();
      return simulator.requests.count() - before;
    };
    expect(await callsOf(0)).toBe(3);
    expect(await callsOf(130)).toBe(3);
    expect(await callsOf(131)).toBe(6);
  });

  it('that the API counts but does not list make the reply malformed, and do not count as gone', async () => {
    const { lists, simulator } = await startClient({}, { instances: INSTANCES });
    const body = '{"RequestId":"R-1","TotalCount":130,"Users":{"User":[]}}';
    simulator.faults.add({ effect: { body, httpStatus: 200 } });
    const failure = await failureOf(lists.users(USERS, NEVER));
    expect(failure).toMatchObject({
      kind: 'malformed',
      operation: 'DescribeSmartAccessGatewayClientUsers',
    });
  });
});

describe('the instances of a region', () => {
  it('are all listed, without those of other regions and types', async () => {
    const instances = Array.from({ length: 120 }, (_, index) => ({
      id: `sag-${index}`,
      regionId: index % 6 === 5 ? 'eu-central-1' : 'cn-shanghai',
      type: index % 6 === 4 ? ('hardware' as const) : ('software' as const),
    }));
    const { lists } = await startClient({}, { instances });
    const { items } = await lists.instances({ regionId: 'cn-shanghai' }, NEVER);
    expect(items.map(({ id }) => id).sort()).toEqual(
      instances
        .filter(({ regionId, type }) => regionId === 'cn-shanghai' && type === 'software')
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('are only the named ones, if some are named', async () => {
    const instances = ['a', 'b', 'c'].map((name) => ({
      id: `sag-${name}`,
      regionId: 'cn-shanghai',
    }));
    const { lists } = await startClient({}, { instances });
    const request = { regionId: 'cn-shanghai', instanceIds: ['sag-a', 'sag-c'] };
    const { items } = await lists.instances(request, NEVER);
    expect(items.map(({ id }) => id).sort()).toEqual(['sag-a', 'sag-c']);
  });
});

it('an error that is no ListError is passed on unchanged', async () => {
  const defect = new TypeError('a defect of ours');
  const broken: Client = {
    async call(): Promise<never> {
      throw defect;
    },
  };
  await expect(new Lists(broken).users(USERS, NEVER)).rejects.toBe(defect);
});
