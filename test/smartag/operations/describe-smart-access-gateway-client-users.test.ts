import { describe, expect, it } from 'vitest';
import { describeSmartAccessGatewayClientUsers as operation } from '../../../src/smartag/operations/describe-smart-access-gateway-client-users.ts';
import { failureOf } from '../calls.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = { regionId: 'cn-shanghai', instanceId: 'sag-1', pageNumber: 2, pageSize: 50 };

/** The sample reply on the API page of the operation. */
const SAMPLE = `{
  "TotalCount": 1,
  "PageSize": 10,
  "RequestId": "62F4CF10-F909-487E-8E95-BC35457C5F50",
  "PageNumber": 1,
  "Users": {
    "User": [
      {
        "Bandwidth": 2000,
        "State": 1,
        "ClientIp": "10.10.10.1",
        "UserName": "username",
        "UserMail": "username@example.com",
        "AccelerateBandwidth": 1000,
        "IsStaticIp": 0
      }
    ]
  }
}`;

const userOf = async (user: object) =>
  (await replyOf(operation, REQUEST, { Users: { User: [user] } })).items[0];

describe('DescribeSmartAccessGatewayClientUsers', () => {
  it('asks for a page', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      SmartAGId: 'sag-1',
      PageNumber: '2',
      PageSize: '50',
    });
  });

  it("reads the page's sample", async () => {
    expect(await replyOf(operation, REQUEST, SAMPLE)).toEqual({
      totalCount: 1,
      pageSize: 10,
      items: [
        {
          name: 'username',
          mail: 'username@example.com',
          enabled: false,
          staticIp: false,
          bandwidth: 250_000,
          acceleratedBandwidth: 125_000,
        },
      ],
    });
  });

  it('reads an address only when it is fixed', async () => {
    const address = { UserName: 'a', ClientIp: '10.10.10.1' };
    expect(await userOf({ ...address, IsStaticIp: 1 })).toMatchObject({ clientIp: '10.10.10.1' });
    for (const without of [address, { ...address, IsStaticIp: 0 }]) {
      expect(await userOf(without)).not.toHaveProperty('clientIp');
    }
  });

  it('reads a user that has only a name', async () => {
    expect(await userOf({ UserName: 'a' })).toEqual({ name: 'a', enabled: true, staticIp: false });
  });

  it.each<readonly [state: unknown, enabled: boolean]>([
    [0, true],
    [1, false],
    ['0', true],
    ['1', false],
    [undefined, true],
    [null, true],
    ['', true],
    [2, true],
  ])('State %j: enabled %s', async (State, enabled) => {
    expect(await userOf({ UserName: 'a', State })).toMatchObject({ enabled });
  });

  it.each<readonly [flag: unknown, staticIp: boolean]>([
    [0, false],
    [1, true],
    ['1', true],
    [true, true],
    ['true', true],
    ['false', false],
    [undefined, false],
  ])('IsStaticIp %j: %s', async (IsStaticIp, staticIp) => {
    expect(await userOf({ UserName: 'a', IsStaticIp })).toMatchObject({ staticIp });
  });

  it('reads numbers written as text', async () => {
    expect(
      await replyOf(operation, REQUEST, {
        TotalCount: '7',
        PageSize: '50',
        Users: { User: { UserName: 'a', Bandwidth: '8', AccelerateBandwidth: '16' } },
      }),
    ).toEqual({
      totalCount: 7,
      pageSize: 50,
      items: [
        { name: 'a', enabled: true, staticIp: false, bandwidth: 1000, acceleratedBandwidth: 2000 },
      ],
    });
  });

  it('leaves out an empty mail address and a negative bandwidth', async () => {
    expect(await userOf({ UserName: 'a', UserMail: '', Bandwidth: -1 })).toEqual({
      name: 'a',
      enabled: true,
      staticIp: false,
    });
  });

  it('reads integers of any length', async () => {
    const page = await replyOf(
      operation,
      REQUEST,
      `{"TotalCount":12345678901234567890123,"Users":{"User":[
        {"UserName":1234567890123456,"AccelerateBandwidth":9223372036854775807}]}}`,
    );
    expect(page.totalCount).toBe(1.2345678901234568e22);
    expect(page.items).toMatchObject([
      { name: '1234567890123456', acceleratedBandwidth: 2 ** 63 * 125 },
    ]);
  });

  it('makes a name well-formed', async () => {
    const json = '{"Users":{"User":[{"UserName":"a\\ud800b"}]}}';
    expect((await replyOf(operation, REQUEST, json)).items).toMatchObject([{ name: 'a\ufffdb' }]);
  });

  it.each<readonly [entry: string, user: unknown]>([
    ['no name', { UserMail: 'a@example.com' }],
    ['an empty name', { UserName: '' }],
    ['a name that is none', { UserName: { a: 1 } }],
    ['nothing', null],
    ['text', 'a'],
  ])('gives null for an entry with %s', async (_, user) => {
    const page = await replyOf(operation, REQUEST, { Users: { User: [user, { UserName: 'b' }] } });
    expect(page.items).toMatchObject([null, { name: 'b' }]);
  });

  it('names the place of an unknown shape, and quotes nothing', async () => {
    const failure = await failureOf(
      replyOf(operation, REQUEST, { Users: { Items: [{ UserName: 'somebody' }] } }),
    );
    expect(failure).toMatchObject({
      kind: 'malformed',
      message: 'DescribeSmartAccessGatewayClientUsers: the reply has an unknown shape at Users',
    });
  });
});
