import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Quirks } from '../../src/simulator/index.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { call } from './client.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({
    instances: [
      {
        id: 'sag-office',
        uid: 1234567890123456n,
        regionId: 'cn-shanghai',
        users: [
          { name: 'li.wei017', sessions: [{ clientIp: '10.16.0.9', onlineTime: 1559125519 }] },
          { name: 'wang.fang' },
          { name: 'zhao.ming' },
        ],
      },
    ],
  });
});
afterEach(() => started.stop());

const OFFICE = { RegionId: 'cn-shanghai', SmartAGId: 'sag-office' };
const USERS = ['DescribeSmartAccessGatewayClientUsers', OFFICE] as const;
const CLIENTS = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'li.wei017' }] as const;
const NO_CLIENTS = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'wang.fang' }] as const;
const STRANGER = ['DescribeUserOnlineClients', { ...OFFICE, UserName: 'no.body.01' }] as const;
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

const paged = (PageSize: string) => [USERS[0], { ...OFFICE, PageSize }] as const;

type Question = readonly [operation: string, own: Readonly<Record<string, string>>];

/** With the quirks, the answer's text holds this, and without the request id, which varies. */
const CASES: readonly [Partial<Quirks>, Question, string][] = [
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
  [{ unknownUser: 'empty' }, STRANGER, '"Users":{"User":[]}'],
  [{ unknownUser: 'name-invalid' }, STRANGER, '"Code":"ClientUser.NameInvalid"'],
  [
    { statisticsOmit: 'unknown' },
    COUNTS,
    '[{"UserName":"li.wei017","OnlineCount":"1"},{"UserName":"wang.fang","OnlineCount":"0"}]',
  ],
  [{ statisticsOmit: 'offline' }, COUNTS, '[{"UserName":"li.wei017","OnlineCount":"1"}]'],
  [{ statisticsOmit: 'nobody' }, COUNTS, '{"UserName":"no.body.01","OnlineCount":"0"}]'],
];

it.each(CASES)('with %j, %j answers %s', async (quirks, [operation, own], expected) => {
  started.simulator.quirks.set(quirks);
  const { text } = await call(started, operation, own);
  expect(text.replace(/"RequestId":"[^"]*"/, '"RequestId":""')).toContain(expected);
});

it('go back to the documents', async () => {
  const { quirks } = started.simulator;
  quirks.set({ lists: 'bare' });
  quirks.reset();
  expect((await call(started, ...CLIENTS)).body).toHaveProperty('Users.User');
});
