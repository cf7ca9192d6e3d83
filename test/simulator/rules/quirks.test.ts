import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulator, QUIRK_PRESETS, type Quirks } from '../../../src/simulator/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type Body, call } from '../client.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({
    instances: [
      {
        id: 'sag-office',
        uid: 1234567890123456n,
        regionId: 'cn-shanghai',
        endTime: Date.UTC(2026, 11, 31),
        users: [
          { name: 'li.wei017', sessions: [{ clientIp: '10.16.0.9', onlineTime: 1559125519 }] },
          { name: 'wang.fang' },
          { name: 'zhao.ming' },
        ],
      },
      { id: 'sag-box', regionId: 'cn-shanghai', type: 'hardware' },
    ],
  });
});
afterEach(() => started.stop());

const OFFICE = { RegionId: 'cn-shanghai', SmartAGId: 'sag-office' };
const USERS = ['DescribeSmartAccessGatewayClientUsers', OFFICE] as const;
const CLIENTS = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'li.wei017' }] as const;
const NO_CLIENTS = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'wang.fang' }] as const;
const UNKNOWN_USER = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'no.body.01' }] as const;
const COUNTS = [
  'DescribeUserOnlineClientStatistics',
  {
    ...OFFICE,
    'UserNames.1': 'li.wei017',
    'UserNames.2': 'wang.fang',
    'UserNames.3': 'no.body.01',
  },
] as const;
const TOTALS = ['DescribeSagOnlineClientStatistics', { RegionId: 'cn-shanghai' }] as const;
const GATEWAYS = ['DescribeSmartAccessGateways', {}] as const;

const TOTAL = [TOTALS[0], { ...TOTALS[1], 'SmartAGIds.1': 'sag-office' }] as const;
const TRAFFIC = [
  'DescribeUserFlowStatistics',
  { ...OFFICE, 'UserNames.1': 'li.wei017', StatisticsDate: '202512' },
] as const;
const MODIFY = [
  'ModifySmartAccessGatewayClientUser',
  { ...OFFICE, UserName: 'wang.fang', Bandwidth: '1' },
] as const;
const ASSUME = ['AssumeRole', { RoleArn: 'acs:ram::1:role/x', RoleSessionName: 'xy' }] as const;
const APPS = ['DescribeSmartAccessGateways', { InstanceType: 'software' }] as const;
const DEVICES = ['DescribeSmartAccessGateways', { InstanceType: 'hardware' }] as const;
const UNKNOWN_INSTANCE = [USERS[0], { ...OFFICE, SmartAGId: 'sag-none' }] as const;
const SHORT_NAME = [CLIENTS[0], { ...OFFICE, UserName: 'li' }] as const;
const NO_REGION = ['DescribeUserOnlineClients', { SmartAGId: 'sag-office' }] as const;

const many = (count: number) =>
  [
    COUNTS[0],
    {
      ...OFFICE,
      ...Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`UserNames.${index + 1}`, `nobody.${index}`]),
      ),
      'UserNames.1': 'li.wei017',
    },
  ] as const;

const paged = (PageSize: string) => [USERS[0], { ...OFFICE, PageSize }] as const;

type Call = readonly [operation: string, own: Readonly<Record<string, string>>];

/** Quirks, a call, and a text that the answer contains. The request id is removed first, as it varies. */
const CASES: readonly [Partial<Quirks>, Call, string][] = [
  [{ largePages: 'refused', maxPageSize: 2 }, paged('3'), '"Code":"InvalidPageSize"'],
  [{ largePages: 'refused', maxPageSize: 2 }, paged('2'), '"PageSize":2'],
  [{ defaultPageSize: 50 }, USERS, '"PageSize":50'],
  [{ pageField: 'PageNo' }, USERS, '"PageNo":1'],
  [{}, [USERS[0], { ...OFFICE, PageSize: '2', PageNo: '2' }], '"PageNumber":2'],
  [{ largeBatches: 'refused' }, many(51), '"Code":"InvalidUserNames"'],
  [{ largeBatches: 'cut' }, many(51), '[{"UserName":"li.wei017","OnlineCount":"1"}]'],
  [{ totalsWithoutIds: 'none' }, TOTALS, '"Statistics":[]'],
  [{ totalsWithoutIds: 'none' }, TOTAL, '"OnlineCount":"1"'],
  // One hundredth of the bytes that 2000 Kbit/s transfer in 31 days.
  [{}, TRAFFIC, '"TotalBytes":"6696000000","TotalLeaveBytes":"0"'],
  [{ bytesAsNumbers: true }, TRAFFIC, '"TotalBytes":6696000000,"TotalLeaveBytes":0'],
  [{ noAddress: 'empty' }, MODIFY, '"ClientIp":""'],
  [{ noAddress: 'empty' }, USERS, '"State":0,"ClientIp":"","UserName":"wang.fang"'],
  [{ staticIp: 'boolean' }, USERS, '"IsStaticIp":false'],
  [{ maxBandwidth: ' M' }, GATEWAYS, '"MaxBandwidth":"50 M"'],
  [{ maxBandwidth: '' }, GATEWAYS, '"MaxBandwidth":"50"'],
  [{ missingParameter: 'general' }, NO_REGION, '"Code":"MissingParameter"'],
  [
    { recommendHost: 'error-center.aliyun.com' },
    NO_REGION,
    '"Recommend":"https://error-center.aliyun.com/troubleshoot?q=MissingRegionId&product=Smartag&requestId=',
  ],
  [{ totalCount: 'total' }, paged('2'), '"TotalCount":3,"PageSize":2'],
  [{ totalCount: 'page' }, paged('2'), '"TotalCount":2,"PageSize":2'],
  [{ maxPageSize: 2 }, paged('3'), '"PageSize":2'],
  [{ maxPageSize: 2, echoedPageSize: 'requested' }, paged('3'), '"PageSize":3'],
  [
    { lists: 'single-as-object' },
    CLIENTS,
    '"Users":{"User":{"ClientIp":"10.16.0.9","OnlineTime":"1559125519"}}}',
  ],
  [{ lists: 'single-as-object' }, NO_CLIENTS, '"Users":{"User":[]}}'],
  [{ lists: 'bare' }, CLIENTS, '"Users":[{"ClientIp":"10.16.0.9","OnlineTime":"1559125519"}]}'],
  [{ lists: 'empty-as-string' }, NO_CLIENTS, '"Users":""}'],
  [{ lists: 'empty-missing' }, NO_CLIENTS, '{"RequestId":""}'],
  [{ numbersAsStrings: true }, USERS, '"Bandwidth":"2000","State":"0"'],
  [{ numbersAsStrings: true }, USERS, '{"TotalCount":"3","PageSize":"10"'],
  [{ numbersAsStrings: true }, GATEWAYS, '"SmartAGUid":"1234567890123456"'],
  [{ onlineTime: 'milliseconds' }, CLIENTS, '"OnlineTime":"1559125519000"'],
  [{ omit: ['ClientIp'] }, CLIENTS, '[{"OnlineTime":"1559125519"}]'],
  [{ omit: ['Bandwidth', 'State', 'IsStaticIp'] }, USERS, '[{"ClientIp":"10.16.0.9","UserName":'],
  [{ omit: ['DescribeUserOnlineClients.ClientIp'] }, CLIENTS, '[{"OnlineTime":"1559125519"}]'],
  [{ omit: ['DescribeUserOnlineClients.ClientIp'] }, USERS, '"ClientIp":"10.16.0.9"'],
  [{ bigIntegers: true }, GATEWAYS, '"SmartAGUid":1234567890123456999'],
  [{ bigIntegers: true }, USERS, '"AccelerateBandwidth":9223372036854775807'],
  [{ countsAsNumbers: true }, COUNTS, '"OnlineCount":1}'],
  [{ countsAsNumbers: true }, TOTALS, '"OnlineCount":1}'],
  [{ statisticsKey: 'statistics' }, COUNTS, '"UserStatistics":{"statistics":['],
  [{ statisticsKey: 'statistics' }, TOTALS, '"SagStatistics":{"statistics":['],
  [{ unknownUser: 'empty' }, UNKNOWN_USER, '"Users":{"User":[]}'],
  [{ unknownUser: 'name-invalid' }, UNKNOWN_USER, '"Code":"ClientUser.NameInvalid"'],
  [
    { statisticsOmit: 'unknown' },
    COUNTS,
    '[{"UserName":"li.wei017","OnlineCount":"1"},{"UserName":"wang.fang","OnlineCount":"0"}]',
  ],
  [{ statisticsOmit: 'offline' }, COUNTS, '[{"UserName":"li.wei017","OnlineCount":"1"}]'],
  [
    { statisticsForget: ['li.wei017'] },
    COUNTS,
    '"Statistics":[{"UserName":"wang.fang","OnlineCount":"0"}]',
  ],
  [{}, TOTALS, '"OnlineCount":"1"'],
  [{ totals: 'zero' }, TOTALS, '"OnlineCount":"0"'],
  [{ totals: 'gone' }, TOTALS, '"Code":"InvalidApi.NotFound"'],
  [{ maxBandwidth: '0M' }, GATEWAYS, '"MaxBandwidth":"0M"'],
  [{}, GATEWAYS, '"EndTime":1798675200000'],
  [{ endTime: 'iso' }, GATEWAYS, '"EndTime":"2026-12-31T00:00:00Z"'],
  [{ endTime: 'zero' }, GATEWAYS, '"EndTime":0,'],
  [{ endTime: 'empty' }, GATEWAYS, '"EndTime":""'],
  [{}, GATEWAYS, '"UserCount":10'],
  [{ userCount: 'users' }, GATEWAYS, '"UserCount":3'],
  [{ hardwareVersion: true }, GATEWAYS, '"HardwareVersion":"sag-software"'],
  [{ hardwareVersion: true }, DEVICES, '"HardwareVersion":"sag-100wm"'],
  [{}, APPS, '"TotalCount":1'],
  [{ instanceTypeFilter: 'ignored' }, APPS, '"TotalCount":2'],
  [{ unknownInstance: 'InstanceNotExit' }, UNKNOWN_INSTANCE, '"Code":"InstanceNotExit"'],
  [{ unknownInstance: 'InvalidId.SMARTAG' }, UNKNOWN_INSTANCE, '"Code":"InvalidId.SMARTAG"'],
  [
    { unknownInstance: 'InvalidSmartAGId.NotFound' },
    UNKNOWN_INSTANCE,
    'The specified SmartAGId does',
  ],
  [{ shortestName: 2 }, SHORT_NAME, '"Users":{"User":[]}'],
  [{}, SHORT_NAME, '"Code":"ClientUser.NameInvalid"'],
  [{ statisticsOmit: 'nobody' }, COUNTS, '{"UserName":"no.body.01","OnlineCount":"0"}]'],
];

it.each(CASES)(
  'with %j, the answer to %j contains %s',
  async (quirks, [operation, own], expected) => {
    started.simulator.quirks.set(quirks);
    const common = operation === 'AssumeRole' ? { Version: '2015-04-01' } : {};
    const { text } = await call(started, operation, own, { common });
    expect(text.replace(/"RequestId":"[^"]*"/, '"RequestId":""')).toContain(expected);
  },
);

it('quirks can be reset to the documented behaviour', async () => {
  const { quirks } = started.simulator;
  quirks.set({ lists: 'bare' });
  quirks.reset();
  expect((await call(started, ...CLIENTS)).body).toHaveProperty('Users.User');
});

describe('a denial', () => {
  const DETAIL = {
    AuthAction: 'smartag:DescribeSmartAccessGatewayClientUsers',
    AuthPrincipalDisplayName: 'testid',
    AuthPrincipalOwnerId: '1234567890123456',
    AuthPrincipalType: 'SubUser',
    NoPermissionType: 'ImplicitDeny',
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  };

  it.each<[Partial<Quirks>, Call, Body]>([
    [{}, USERS, { Code: 'Forbidden' }],
    [
      { denial: 'Forbidden.RAM' },
      USERS,
      {
        Code: 'Forbidden.RAM',
        Message:
          "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
      },
    ],
    [{ denial: 'NoPermission' }, USERS, { Code: 'NoPermission' }],
    [{ denial: 'Forbidden.RAM' }, ASSUME, { Code: 'NoPermission' }],
    [{ accessDeniedDetail: true }, USERS, { Code: 'Forbidden', AccessDeniedDetail: DETAIL }],
  ])('with %j, the call %j is answered with %j', async (quirks, [operation, own], expected) => {
    started.simulator.quirks.set(quirks);
    started.simulator.permissions.deny({ operation });
    const common = operation === 'AssumeRole' ? { Version: '2015-04-01' } : {};
    const { status, body } = await call(started, operation, own, { common });
    expect(status).toBe(403);
    expect(body).toMatchObject(expected);
    expect('AccessDeniedDetail' in body).toBe('AccessDeniedDetail' in expected);
  });
});

it.each([
  [{}, 400],
  [{ 'SAG.InstanceNoFound': 404 }, 404],
  [{ 'Throttling.User': 429 }, 400],
])(
  'with the statuses %j, a call for an unknown instance has status %i',
  async (httpStatus, status) => {
    started.simulator.quirks.set({ httpStatus });
    const received = await call(started, USERS[0], { ...OFFICE, SmartAGId: 'sag-none' });
    expect(received.status).toBe(status);
  },
);

it('a missing parameter can be answered as on the error page of the product, and without a link', async () => {
  started.simulator.quirks.set({ missingParameter: 'general', recommendHost: '' });
  const { status, body } = await call(started, ...NO_REGION);
  expect([status, Object.keys(body), body['Message']]).toEqual([
    403,
    ['RequestId', 'HostId', 'Code', 'Message'],
    'The input parameter is missing, please check your input.',
  ]);
});

it('a fault may have any code, even with the quirk `http_status`', async () => {
  started.simulator.faults.add({ effect: { error: { code: 'constructor', httpStatus: 418 } } });
  const { status, body } = await call(started, ...USERS);
  expect([status, body['Code']]).toEqual([418, 'constructor']);
});

describe('the regions', () => {
  const listed = async (language?: string): Promise<readonly Body[]> => {
    const own = language === undefined ? {} : { AcceptLanguage: language };
    const { body } = await call(started, 'DescribeRegions', own);
    return (body['Regions'] as { readonly Region: readonly Body[] }).Region;
  };

  it('are the documented ones, and a quirk adds closed, internal and foreign regions', async () => {
    const documented = await listed();
    expect(documented).toHaveLength(9);
    started.simulator.quirks.set({
      regions: ['newer', 'closed', 'internal', 'unmarked', 'foreign'],
    });
    const all = await listed();
    expect(all.slice(0, 9)).toEqual(documented);
    expect(all.slice(9).map(({ RegionId, LocalName }) => [RegionId, LocalName])).toEqual([
      ['eu-west-1', '英国（伦敦）'],
      ['us-east-1', '美国（弗吉尼亚）'],
      ['cn-zhangjiakou-spe', '华北3（张家口）专属'],
      ['ap-southeast-2', '澳大利亚（悉尼）已关停'],
      ['cn-hangzhou-test-306', '华东1（杭州）内部测试'],
      ['ap-south-1', '印度（孟买）'],
      ['cn-beijing', '华北2（北京）'],
    ]);
    expect(all.at(-1)?.['RegionEndpoint']).toBe('vpc.cn-beijing.aliyuncs.com');
    const english = await listed('en-US');
    expect(english[12]?.['LocalName']).toBe('Australia (Sydney) Closed');
  });
});

describe('an expired instance', () => {
  beforeEach(() => {
    const { world } = started.simulator;
    world.changeInstance('sag-office', { endTime: started.clock.now() });
  });

  it('is answered like any other by default, as the pages describe nothing else', async () => {
    expect((await call(started, ...USERS)).status).toBe(200);
    const { text } = await call(started, ...GATEWAYS);
    expect(text).toContain('"Status":"Active"');
  });

  it.each([
    ['SmartAccessGatewayInArrears', 'The specified Smart Access Gateway has expired.'],
    [
      'SmartAccessGatewayNotActivated',
      'The specified Smart Access Gateway has not been activated.',
    ],
    ['PermissionError', 'User not authorized to operate on the specified resource.'],
  ] as const)(
    'is refused with %s and 500 or 400, and has the status `arrearage`',
    async (code, message) => {
      const { quirks } = started.simulator;
      quirks.set({ expiredInstances: code });
      const { status, body } = await call(started, ...CLIENTS);
      expect([status, body['Code'], body['Message']]).toEqual([500, code, message]);
      quirks.set({ httpStatus: { [code]: 400 } });
      expect((await call(started, ...CLIENTS)).status).toBe(400);
      const { text } = await call(started, GATEWAYS[0], { BusinessState: 'Arrearage' });
      expect(text).toContain('"Status":"arrearage"');
      expect((await call(started, ...APPS)).body['TotalCount']).toBe(1);
      const normal = await call(started, APPS[0], { ...APPS[1], BusinessState: 'Normal' });
      expect(normal.body['TotalCount']).toBe(0);
    },
  );

  it('does not affect other instances', async () => {
    started.simulator.quirks.set({ expiredInstances: 'SmartAccessGatewayInArrears' });
    started.simulator.world.addInstance({ id: 'sag-other', regionId: 'cn-shanghai', users: 1 });
    const { body } = await call(started, USERS[0], { ...OFFICE, SmartAGId: 'sag-other' });
    expect(body['TotalCount']).toBe(1);
  });
});

it('a new instance may be unknown for five seconds', async () => {
  const { clock, simulator } = started;
  simulator.quirks.set({ newInstances: 'unknown' });
  const id = 'sag-new';
  simulator.world.addInstance({ id, regionId: 'cn-shanghai', createTime: clock.now() });
  const code = async (): Promise<unknown> =>
    (await call(started, USERS[0], { ...OFFICE, SmartAGId: id })).body['Code'];
  expect(await code()).toBe('SAG.InstanceNoFound');
  await clock.advance(5000);
  expect(await code()).toBeUndefined();
});

it('a fault can change quirks for some calls', async () => {
  const { faults } = started.simulator;
  faults.add({ effect: { quirks: { totals: 'zero' } }, count: 1 });
  const counted = async (): Promise<string> => (await call(started, ...TOTAL)).text;
  expect(await counted()).toContain('"OnlineCount":"0"');
  expect(await counted()).toContain('"OnlineCount":"1"');
});

it('with the preset live, half of the users of a made-up fleet have mail addresses as names', () => {
  const clock = new ManualClock();
  const namesWith = (quirks: Partial<Quirks>): readonly string[] =>
    createSimulator({ clock, quirks })
      .world.instances()
      .flatMap(({ users }) => users.map(({ name }) => name));
  expect(namesWith({}).filter((name) => name.includes('@'))).toEqual([]);
  const names = namesWith(QUIRK_PRESETS.live);
  const share = names.filter((name) => name.endsWith('@example.com')).length / names.length;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
});
