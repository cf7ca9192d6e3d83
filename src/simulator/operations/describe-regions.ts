import { list } from '../gateway/reply.ts';
import { REGIONS, type Region } from '../world/regions.ts';
import type { Operation } from './operation.ts';

/** Where the product is offered. `InnerServiceFailed` comes only as a fault, `Forbidden` by denial. */
export const describeRegions: Operation = {
  name: 'DescribeRegions',
  errors: {
    Forbidden: 'RAM denies the operation.',
    InnerServiceFailed: 'Only as a fault.',
  },
  answer({ parameters, quirks, requestId }) {
    const language = parameters.get('AcceptLanguage');
    const regions = REGIONS.filter(
      ({ extra }) => extra === undefined || quirks.regions.includes(extra),
    ).map(({ id, names, endpoint = `smartag.${id}.aliyuncs.com` }) => ({
      RegionId: id,
      // AcceptLanguage: zh-CN by default; an unknown one is taken for that.
      LocalName: isLanguage(language, names) ? names[language] : names['zh-CN'],
      RegionEndpoint: endpoint,
    }));
    return { RequestId: requestId, ...list(quirks, 'Regions', 'Region', regions) };
  },
};

function isLanguage(
  text: string | undefined,
  names: Region['names'],
): text is keyof Region['names'] {
  return text !== undefined && Object.hasOwn(names, text);
}
