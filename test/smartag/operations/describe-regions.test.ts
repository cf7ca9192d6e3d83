import { describe, expect, it } from 'vitest';
import { describeRegions as operation } from '../../../src/smartag/operations/describe-regions.ts';
import { failureOf } from '../calls.ts';
import { parametersOf, replyOf } from './parse.ts';

const REQUEST = { regionId: 'cn-shanghai' };

describe('DescribeRegions', () => {
  it('asks for Chinese names, in which the marks of closed regions are known', async () => {
    expect(await parametersOf(operation, REQUEST)).toEqual({
      RegionId: 'cn-shanghai',
      AcceptLanguage: 'zh-CN',
    });
  });

  it('reads ids, names and endpoints', async () => {
    expect(
      await replyOf(operation, REQUEST, {
        RequestId: 'R-1',
        Regions: {
          Region: [
            { RegionId: 'cn-shanghai', LocalName: '华东2（上海）', RegionEndpoint: 'Smartag.X ' },
            { RegionId: 'eu-central-1' },
          ],
        },
      }),
    ).toEqual([
      { id: 'cn-shanghai', name: '华东2（上海）', endpoint: 'smartag.x' },
      { id: 'eu-central-1', name: '' },
    ]);
  });

  it('is malformed when a region has no id', async () => {
    const reply = replyOf(operation, REQUEST, { Regions: { Region: [{ LocalName: 'x' }] } });
    expect((await failureOf(reply)).kind).toBe('malformed');
  });
});
