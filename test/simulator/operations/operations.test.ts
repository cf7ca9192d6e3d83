import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type Body, call } from '../client.ts';
import { CREATED, ENDS, INSTANCES, NEW_USER, OFFICE } from '../office.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ instances: INSTANCES });
});
afterEach(() => started.stop());

const REQUEST_ID = expect.stringMatching(/^[0-9A-F-]{36}$/);

/** A reply of an operation, which must be a success. */
async function ask(operation: string, own: Record<string, string>): Promise<Body> {
  const { status, body } = await call(started, operation, own);
  expect(body).not.toHaveProperty('Code');
  expect(status).toBe(200);
  return body;
}

describe('DescribeSmartAccessGatewayClientUsers', () => {
  const OPERATION = 'DescribeSmartAccessGatewayClientUsers';

  it('answers like the sample of its page', async () => {
    const body = await ask(OPERATION, OFFICE);
    expect(Object.keys(body)).toEqual([
      'TotalCount',
      'PageSize',
      'RequestId',
      'PageNumber',
      'Users',
    ]);
    expect(body).toEqual({
      TotalCount: 3,
      PageSize: 10,
      RequestId: REQUEST_ID,
      PageNumber: 1,
      Users: {
        User: [
          {
            Bandwidth: 5000,
            State: 0,
            ClientIp: '10.1.0.9',
            UserName: 'li.wei017',
            UserMail: 'li.wei017@example.com',
            AccelerateBandwidth: 1000,
            IsStaticIp: 1,
          },
          {
            Bandwidth: 2000,
            State: 1,
            UserName: 'wang.fang',
            UserMail: 'fang@example.com',
            AccelerateBandwidth: 0,
            IsStaticIp: 0,
          },
          {
            Bandwidth: 2000,
            State: 0,
            ClientIp: '10.1.0.41',
            UserName: 'doc',
            UserMail: 'doc@example.com',
            AccelerateBandwidth: 0,
            IsStaticIp: 0,
          },
        ],
      },
    });
  });

  it.each([
    [{}, ['li.wei017', 'wang.fang', 'doc'], 3],
    [{ UserName: 'doc' }, ['doc'], 1],
    [{ UserName: 'do' }, [], 0],
    [{ UserMail: 'fang@example.com' }, ['wang.fang'], 1],
    [{ UserName: 'doc', UserMail: 'fang@example.com' }, [], 0],
    [{ PageSize: '2' }, ['li.wei017', 'wang.fang'], 3],
    [{ PageSize: '2', PageNumber: '2' }, ['doc'], 3],
    [{ PageSize: '2', PageNumber: '3' }, [], 3],
  ])('with %j lists %j', async (more, names, total) => {
    const body = await ask(OPERATION, { ...OFFICE, ...more });
    const { User } = body['Users'] as { User: { UserName: string }[] };
    expect(User.map(({ UserName }) => UserName)).toEqual(names);
    expect(body['TotalCount']).toBe(total);
  });

  it('cuts pages to 100', async () => {
    started.simulator.world.addInstance({ id: 'sag-big', regionId: 'cn-shanghai', users: 250 });
    const sizes: unknown[] = [];
    for (const PageNumber of ['1', '2', '3', '4']) {
      const page = { ...OFFICE, SmartAGId: 'sag-big', PageSize: '500', PageNumber };
      const body = await ask(OPERATION, page);
      sizes.push([body['PageSize'], (body['Users'] as { User: unknown[] }).User.length]);
    }
    expect(sizes).toEqual([
      [100, 100],
      [100, 100],
      [100, 50],
      [100, 0],
    ]);
  });

  it.each([
    ['PageSize', '0'],
    ['PageSize', '-1'],
    ['PageSize', 'ten'],
    ['PageNumber', '1.5'],
    ['PageNumber', '99999999999999999999'],
  ])('refuses %s=%s', async (name, value) => {
    const { status, body } = await call(started, OPERATION, { ...OFFICE, [name]: value });
    expect([status, body['Code']]).toEqual([400, `Invalid${name}`]);
  });
});

describe('DescribeUserOnlineClients', () => {
  it('answers like the sample of its page', async () => {
    const body = await ask('DescribeUserOnlineClients', { ...OFFICE, UserName: 'li.wei017' });
    expect(body).toEqual({
      RequestId: REQUEST_ID,
      Users: {
        User: [
          { ClientIp: '10.1.0.9', OnlineTime: '1559125519' },
          { ClientIp: '10.1.0.40', OnlineTime: '1559125600' },
        ],
      },
    });
  });

  it.each(['wang.fang', 'nobody.here'])('gives an empty list for %s', async (UserName) => {
    const body = await ask('DescribeUserOnlineClients', { ...OFFICE, UserName });
    expect(body['Users']).toEqual({ User: [] });
  });
});

describe('DescribeUserFlowStatistics', () => {
  it('answers with the traffic of the month and the rest of the plan, and leaves out unknown names', async () => {
    const body = await ask('DescribeUserFlowStatistics', {
      ...OFFICE,
      'UserNames.1': 'li.wei017',
      'UserNames.2': 'nobody.here',
    });
    expect(body).toEqual({
      RequestId: REQUEST_ID,
      SagStatistics: {
        Statistics: [
          {
            UserName: 'li.wei017',
            TotalBytes: expect.stringMatching(/^\d+$/),
            TotalLeaveBytes: expect.stringMatching(/^\d+$/),
          },
        ],
      },
    });
  });
});

describe('DescribeUserFlowStatistics by StatisticsDate', () => {
  // The time is 2026-01-01T00:00:00Z. The user transfers one hundredth of 5000 Kbit/s.
  it.each([
    ['202512', '16740000000'],
    ['202502', '15120000000'],
    ['202601', '0'],
    ['202602', '0'],
    ['', '0'],
  ])('in %s: %s bytes', async (StatisticsDate, TotalBytes) => {
    const own = { ...OFFICE, 'UserNames.1': 'li.wei017', StatisticsDate };
    const body = await ask('DescribeUserFlowStatistics', own);
    expect(body['SagStatistics']).toMatchObject({ Statistics: [{ TotalBytes }] });
  });

  it('begins the month in the time zone of the quirk', async () => {
    started.simulator.quirks.set({ trafficMonth: 'Asia/Shanghai' });
    const own = { ...OFFICE, 'UserNames.1': 'li.wei017' };
    const body = await ask('DescribeUserFlowStatistics', own);
    // In that time zone, January began eight hours ago.
    expect(body['SagStatistics']).toMatchObject({ Statistics: [{ TotalBytes: '180000000' }] });
  });

  it.each(['2025', '202513', '202500', '2025-12', 'now', '20251 '])(
    'refuses %j',
    async (StatisticsDate) => {
      const own = { ...OFFICE, 'UserNames.1': 'li.wei017', StatisticsDate };
      const { status, body } = await call(started, 'DescribeUserFlowStatistics', own);
      expect([status, body['Code']]).toEqual([400, 'InvalidStatisticsDate']);
    },
  );
});

describe('DescribeUserOnlineClientStatistics', () => {
  const OPERATION = 'DescribeUserOnlineClientStatistics';

  it('gives the number of clients for each name, as a string, and leaves out unknown names', async () => {
    const body = await ask(OPERATION, {
      ...OFFICE,
      'UserNames.1': 'wang.fang',
      'UserNames.2': 'li.wei017',
      'UserNames.3': 'nobody.here',
      'UserNames.10': 'doc',
      'UserNames.11': 'doc',
    });
    expect(body).toEqual({
      RequestId: REQUEST_ID,
      UserStatistics: {
        Statistics: [
          { UserName: 'wang.fang', OnlineCount: '0' },
          { UserName: 'li.wei017', OnlineCount: '2' },
          { UserName: 'doc', OnlineCount: '1' },
        ],
      },
    });
  });

  it('takes at most 50 names', async () => {
    const names = (count: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`UserNames.${index + 1}`, `nobody.${index}`]),
      );
    await ask(OPERATION, { ...OFFICE, ...names(50) });
    const { status, body } = await call(started, OPERATION, { ...OFFICE, ...names(51) });
    expect([status, body['Code']]).toEqual([400, 'InvalidUserNames']);
  });
});

describe('DescribeSagOnlineClientStatistics', () => {
  const OPERATION = 'DescribeSagOnlineClientStatistics';

  it('counts the clients of the named instances', async () => {
    const body = await ask(OPERATION, { RegionId: 'cn-shanghai', 'SmartAGIds.1': 'sag-office' });
    expect(body).toEqual({
      RequestId: REQUEST_ID,
      SagStatistics: { Statistics: [{ SmartAGId: 'sag-office', OnlineCount: '3' }] },
    });
  });

  it('counts the clients of all APP instances of the region when no instance is named', async () => {
    const body = await ask(OPERATION, { RegionId: 'cn-shanghai' });
    expect(body['SagStatistics']).toEqual({
      Statistics: [
        { SmartAGId: 'sag-office', OnlineCount: '3' },
        { SmartAGId: 'sag-full', OnlineCount: '0' },
        { SmartAGId: 'sag-bare', OnlineCount: '0' },
      ],
    });
  });
});

describe('DescribeSmartAccessGateways', () => {
  const OPERATION = 'DescribeSmartAccessGateways';

  it('answers with all fields of an APP instance', async () => {
    const { text } = await call(started, OPERATION, { SmartAGId: 'sag-office' });
    // A plain integer, which JSON.parse can read. Some clients turn it into an object.
    expect(text).toContain('"SmartAGUid":1234567890123456,');
    expect(JSON.parse(text)).toEqual({
      TotalCount: 1,
      RequestId: REQUEST_ID,
      PageSize: 10,
      PageNumber: 1,
      SmartAccessGateways: {
        SmartAccessGateway: [
          {
            SmartAGId: 'sag-office',
            SmartAGUid: 1234567890123456,
            Name: 'office',
            Description: 'the office',
            Status: 'Active',
            City: '',
            MaxBandwidth: '50M',
            AccelerateBandwidth: 0,
            UserCount: 4,
            DataPlan: 5,
            CidrBlock: '10.1.0.0/24,192.168.7.0/30',
            AssociatedCcnId: '',
            AssociatedCcnName: '',
            CreateTime: CREATED,
            EndTime: ENDS,
            ResourceGroupId: 'rg-default',
            SecurityLockThreshold: 0,
            EnableSoftwareConnectionAudit: false,
            Links: { Link: [] },
          },
        ],
      },
    });
  });

  it.each([
    [{}, ['sag-office', 'sag-full', 'sag-bare', 'sag-box', 'sag-abroad']],
    [{ RegionId: 'ap-southeast-1' }, ['sag-abroad']],
    [{ RegionId: 'nowhere' }, []],
    [{ InstanceType: 'software' }, ['sag-office', 'sag-full', 'sag-bare', 'sag-abroad']],
    [{ InstanceType: 'hardware' }, ['sag-box']],
    [{ SmartAGId: 'sag-none' }, []],
    [{ 'SmartAGIds.1': 'sag-bare', 'SmartAGIds.2': 'sag-none' }, ['sag-bare']],
    [{ Name: 'abroad' }, ['sag-abroad']],
    [{ Status: 'OFFLINE' }, ['sag-full']],
    [{ BusinessState: 'Normal', Status: 'Offline' }, ['sag-full']],
    [{ BusinessState: 'Arrearage' }, []],
    [{ ResourceGroupId: 'rg-default', InstanceType: 'hardware' }, ['sag-box']],
    [{ ResourceGroupId: 'rg-other' }, []],
    [{ SerialNumber: 'sag32a3' }, []],
    [{ AssociatedCcnId: 'ccn-1' }, []],
    [{ PageSize: '2', PageNumber: '2' }, ['sag-bare', 'sag-box']],
  ])('with %j lists %j', async (own, ids) => {
    const body = await ask(OPERATION, own as Record<string, string>);
    const { SmartAccessGateway: found } = body['SmartAccessGateways'] as {
      SmartAccessGateway: { SmartAGId: string }[];
    };
    expect(found.map(({ SmartAGId }) => SmartAGId)).toEqual(ids);
  });

  it('cuts pages to 50', async () => {
    expect(await ask(OPERATION, { PageSize: '51' })).toMatchObject({ PageSize: 50 });
  });

  it.each(['InstanceType', 'BusinessState'])('refuses an unknown %s', async (name) => {
    const { status, body } = await call(started, OPERATION, { [name]: 'constructor' });
    expect([status, body['Code']]).toEqual([400, `Invalid${name}`]);
  });
});

describe('DescribeRegions', () => {
  it.each([
    [undefined, '新加坡'],
    ['zh-CN', '新加坡'],
    ['en-US', 'Singapore'],
    ['ja', 'シンガポール'],
    ['constructor', '新加坡'],
  ])('names regions in AcceptLanguage %s', async (AcceptLanguage, LocalName) => {
    const own = AcceptLanguage === undefined ? {} : { AcceptLanguage };
    const { Regions } = await ask('DescribeRegions', own);
    expect((Regions as { Region: unknown[] }).Region).toContainEqual({
      RegionId: 'ap-southeast-1',
      LocalName,
      RegionEndpoint: 'smartag.ap-southeast-1.aliyuncs.com',
    });
  });
});

describe('CreateSmartAccessGatewayClientUser', () => {
  const OPERATION = 'CreateSmartAccessGatewayClientUser';

  it('answers like the sample of its page, and creates the user', async () => {
    const body = await ask(OPERATION, { ...NEW_USER, ClientIp: '10.1.0.200' });
    expect(body).toEqual({
      UserName: 'doctest',
      RequestId: REQUEST_ID,
      UserMail: 'username@example.com',
      Bandwidth: 20,
      ClientIp: '10.1.0.200',
    });
    expect(started.simulator.world.user('sag-office', 'doctest')).toMatchObject({
      mail: 'username@example.com',
      bandwidth: 20,
      state: 0,
      staticIp: '10.1.0.200',
      sessions: [],
    });
  });

  it('names the user by the mail address when no name is given, with 2000 Kbit/s', async () => {
    const UserMail = `${'a-long-name'.repeat(4)}@example.com`;
    const body = await ask(OPERATION, { ...OFFICE, UserMail });
    expect(body).toMatchObject({ UserName: UserMail, UserMail, Bandwidth: 2000 });
    expect(body).not.toHaveProperty('ClientIp');
    const again = await call(started, OPERATION, { ...OFFICE, UserMail });
    expect(again.body['Code']).toBe('ClientUser.UserExist');
  });

  it('makes up a name with the quirk `nameless_users`, as the page says', async () => {
    started.simulator.quirks.set({ namelessUsers: 'made-up' });
    const body = await ask(OPERATION, { ...OFFICE, UserMail: 'username@example.com' });
    expect(body['UserName']).toMatch(/^user\d{8}$/);
  });

  it('creates users up to the limit', async () => {
    await ask(OPERATION, NEW_USER);
    const { body } = await call(started, OPERATION, { ...NEW_USER, UserName: 'doctest2' });
    expect(body['Code']).toBe('ClientUser.UserOverLimit');
  });
});
