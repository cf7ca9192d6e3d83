import { describe, expect, it } from 'vitest';
import { describeRegions as operation } from '../../../src/smartag/operations/describe-regions.ts';
import { failureOf } from '../calls.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = { regionId: 'cn-shanghai' };

describe('DescribeRegions', () => {
  it('asks in English', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      AcceptLanguage: 'en-US',
    });
  });

  it('reads the ids', async () => {
    expect(
      await replyOf(operation, REQUEST, {
        RequestId: 'R-1',
        Regions: {
          Region: [
            { RegionId: 'cn-shanghai', LocalName: 'China (Shanghai)', RegionEndpoint: 'x' },
            { RegionId: 'eu-central-1' },
          ],
        },
      }),
    ).toEqual(['cn-shanghai', 'eu-central-1']);
  });

  it('is malformed when a region has no id', async () => {
    const reply = replyOf(operation, REQUEST, { Regions: { Region: [{ LocalName: 'x' }] } });
    expect((await failureOf(reply)).kind).toBe('malformed');
  });
});
