import { describe, expect, it } from 'vitest';
import { describeUserOnlineClients as operation } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { failureOf } from '../calls.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'doc+test@1 é' };

/** The sample reply on the API page of the operation. */
const SAMPLE = `{
"RequestId": "7108A98F-C47D-45F7-A4D8-C2E3022735DA",
"Users": {
"User": [
{
"ClientIp": "10.**.**.**",
"OnlineTime": "1559125519"
}
]
}
}`;

describe('DescribeUserOnlineClients', () => {
  it('asks about one user', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      SmartAGId: 'sag-1',
      UserName: 'doc+test@1 é',
    });
  });

  it("reads the page's sample", async () => {
    expect(await replyOf(operation, REQUEST, SAMPLE)).toEqual([
      { clientIp: '10.**.**.**', start: 1559125519 },
    ]);
  });

  it.each<readonly [form: string, session: object, read: object]>([
    ['seconds', { ClientIp: '10.0.0.1', OnlineTime: 1559125519 }, { start: 1559125519 }],
    ['milliseconds', { ClientIp: '10.0.0.1', OnlineTime: '1559125519000' }, { start: 1559125519 }],
    ['no time', { ClientIp: '10.0.0.1' }, {}],
    ['a time that cannot be read', { ClientIp: '10.0.0.1', OnlineTime: 'today' }, {}],
    ['a time of 0', { ClientIp: '10.0.0.1', OnlineTime: 0 }, {}],
  ])('%s', async (_, session, read) => {
    expect(await replyOf(operation, REQUEST, { Users: { User: session } })).toEqual([
      { clientIp: '10.0.0.1', ...read },
    ]);
  });

  it('counts a client without any fields', async () => {
    expect(await replyOf(operation, REQUEST, { Users: [{}, {}] })).toEqual([
      { clientIp: '' },
      { clientIp: '' },
    ]);
  });

  it.each(['{"RequestId":"R","Users":""}', '{"RequestId":"R","Users":{}}'])(
    'is nobody: %s',
    async (json) => {
      expect(await replyOf(operation, REQUEST, json)).toEqual([]);
    },
  );

  it.each([
    '{"Users":{"User":["10.0.0.1"]}}',
    '{"Users":{"User":[null]}}',
    '{"Users":1}',
    '{"RequestId":"R"}',
    '{"RequestId":"R","Users":null}',
  ])('is malformed: %s', async (json) => {
    expect((await failureOf(replyOf(operation, REQUEST, json))).kind).toBe('malformed');
  });
});
