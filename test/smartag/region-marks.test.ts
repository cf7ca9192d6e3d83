import { describe, expect, it } from 'vitest';
import { chooseRegions, describeSkipped } from '../../src/smartag/region-marks.ts';

const region = (
  id: string,
  name = '某地',
  endpoint: string | undefined = `smartag.${id}.aliyuncs.com`,
) => ({
  id,
  name,
  ...(endpoint !== undefined && { endpoint }),
});

describe('the regions of the API', () => {
  it('are used as the API lists them, also regions that no document names', () => {
    const ids = ['cn-shanghai', 'eu-west-1', 'us-east-1', 'cn-zhangjiakou-spe'];
    expect(chooseRegions(ids.map((id) => region(id)))).toEqual({ taken: ids, skipped: [] });
  });

  it.each([
    ['澳大利亚（悉尼）已关停', 'closed', 'it is closed'],
    ['Australia (Sydney) - Closed', 'closed', 'it is closed'],
    ['Australia (Sydney, decommissioned)', 'closed', 'it is closed'],
    ['杭州（内部测试）', 'internal', 'it is for internal tests'],
    ['Hangzhou Internal Test', 'internal', 'it is for internal tests'],
  ])('are skipped when their name is marked: %s', (name, cause, reason) => {
    const choice = chooseRegions([region('cn-shanghai'), region('x-1', name)]);
    expect(choice).toEqual({
      taken: ['cn-shanghai'],
      skipped: [{ regionId: 'x-1', name, cause, reason }],
    });
  });

  it.each(['Enclosed Bay', '内蒙古', 'International', ''])(
    'that are called %j are taken',
    (name) => {
      expect(chooseRegions([region('x-1', name)]).taken).toEqual(['x-1']);
    },
  );

  it('are skipped when their endpoint is not the usual one', () => {
    const regions = [region('cn-shanghai'), region('x-1', '某地', 'vpc.x-1.aliyuncs.com')];
    const [skipped] = chooseRegions(regions).skipped;
    expect(skipped && describeSkipped(skipped)).toBe(
      'x-1 (某地): its endpoint is vpc.x-1.aliyuncs.com, not smartag.x-1.aliyuncs.com',
    );
    expect(chooseRegions(regions).taken).toEqual(['cn-shanghai']);
  });

  it('are used when they have no endpoint, and when no endpoint of the list is the usual one', () => {
    expect(chooseRegions([region('a'), { id: 'b', name: '' }]).taken).toEqual(['a', 'b']);
    const bogus = ['a', 'b'].map((id) => region(id, '某地', `vpc.${id}.aliyuncs.com`));
    expect(chooseRegions(bogus).taken).toEqual(['a', 'b']);
  });
});
