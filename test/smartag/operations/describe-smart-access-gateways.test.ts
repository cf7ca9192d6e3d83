import { describe, expect, it } from 'vitest';
import { describeSmartAccessGateways as operation } from '../../../src/smartag/operations/describe-smart-access-gateways.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = { regionId: 'cn-shanghai', pageNumber: 1, pageSize: 50 };

const instanceOf = async (instance: object) =>
  (
    await replyOf(operation, REQUEST, {
      SmartAccessGateways: { SmartAccessGateway: [{ SmartAGId: 'sag-1', ...instance }] },
    })
  ).items[0];

describe('DescribeSmartAccessGateways', () => {
  it('asks for a page of the SAG APP instances', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      InstanceType: 'software',
      PageNumber: '1',
      PageSize: '50',
    });
  });

  it('asks only for the named instances, if some are named', async () => {
    const instanceIds = Array.from({ length: 11 }, (_, index) => `sag-${index + 1}`);
    expect(await parametersOf(operation, { ...REQUEST, instanceIds })).toMatchObject({
      'SmartAGIds.1': 'sag-1',
      'SmartAGIds.2': 'sag-2',
      'SmartAGIds.11': 'sag-11',
    });
  });

  it('reads an instance', async () => {
    const json = `{"RequestId":"R-1","TotalCount":1,"PageNumber":1,"PageSize":50,
      "SmartAccessGateways":{"SmartAccessGateway":[{"SmartAGId":"sag-1","Name":"office",
      "Status":"Active","UserCount":100,"DataPlan":5,"MaxBandwidth":"50M","SmartAGUid":1234567890123456,
      "CreateTime":1546272000000,"EndTime":1577808000000,"Links":{"Link":[]}}]}}`;
    expect(await replyOf(operation, REQUEST, json)).toEqual({
      totalCount: 1,
      pageSize: 50,
      items: [
        {
          id: 'sag-1',
          name: 'office',
          status: 'Active',
          usersLimit: 100,
          bandwidthLimit: 6_250_000,
          expiresAt: 1577808000,
        },
      ],
    });
  });

  it('reads an instance that has only an id', async () => {
    expect(await instanceOf({})).toEqual({ id: 'sag-1', name: '', status: '' });
  });

  it.each<readonly [wire: unknown, bytes: number | undefined]>([
    ['50', 6_250_000],
    [50, 6_250_000],
    ['50M', 6_250_000],
    ['50 Mbps', 6_250_000],
    ['50mbit/s', 6_250_000],
    [' 2.5M ', 312_500],
    ['0', undefined],
    ['0M', undefined],
    ['0.0 Mbps', undefined],
    ['50K', undefined],
    ['1G', undefined],
    ['50MB', undefined],
    ['-50M', undefined],
    ['M', undefined],
    ['unlimited', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('MaxBandwidth %j: %s bytes a second', async (MaxBandwidth, bytes) => {
    expect((await instanceOf({ MaxBandwidth }))?.bandwidthLimit).toBe(bytes);
  });

  it.each<readonly [wire: unknown, limit: number | undefined]>([
    [5, 5],
    ['5', 5],
    // A quota is at least 5.
    [0, undefined],
    [-1, undefined],
    [2.5, undefined],
    [null, undefined],
    ['many', undefined],
  ])('UserCount %j: a limit of %s', async (UserCount, limit) => {
    expect((await instanceOf({ UserCount }))?.usersLimit).toBe(limit);
  });

  it.each<readonly [wire: unknown, seconds: number | undefined, isDoubted: boolean]>([
    [1577808000000, 1577808000, false],
    ['1577808000000', 1577808000, false],
    ['2019-12-31T16:00:00Z', 1577808000, false],
    ['2020-01-01T00:00:00+08:00', 1577808000, false],
    [0, undefined, false],
    ['', undefined, false],
    [undefined, undefined, false],
    ['never', undefined, true],
  ])('EndTime %j: second %s', async (EndTime, seconds, isDoubted) => {
    const read = await instanceOf({ EndTime });
    expect(read?.expiresAt).toBe(seconds);
    expect(read?.doubts).toEqual(
      isDoubted
        ? [`EndTime of the API is "${EndTime}": the end of the subscription is unknown.`]
        : undefined,
    );
  });

  it.each<readonly [wire: unknown, device: string | undefined]>([
    ['sag-software', undefined],
    ['SAG-Software', undefined],
    ['', undefined],
    [undefined, undefined],
    ['sag-100wm', 'sag-100wm'],
  ])('HardwareVersion %j: device %s', async (HardwareVersion, device) => {
    expect((await instanceOf({ HardwareVersion }))?.device).toBe(device);
  });

  it('reads a count of 23 digits', async () => {
    const json =
      '{"SmartAccessGateways":[{"SmartAGId":"sag-1","UserCount":12345678901234567890123}]}';
    expect((await replyOf(operation, REQUEST, json)).items).toMatchObject([
      { usersLimit: 1.2345678901234568e22 },
    ]);
  });
});
