import { list } from '../gateway/write-reply.ts';
import { REGIONS, type Region } from '../world/regions.ts';
import type { Operation } from './operation.ts';

/** The regions of the product. Only a fault gives `InnerServiceFailed`, only a denial `Forbidden`. */
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
    ).map(({ id, names, endpoint }) => ({
      RegionId: id,
      // AcceptLanguage is zh-CN by default, and here also when the language is unknown.
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
