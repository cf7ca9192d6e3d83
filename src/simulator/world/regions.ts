/** Kinds of regions that are listed only when the quirk `regions` names them. */
export const EXTRA_REGIONS = ['newer', 'closed', 'internal', 'unmarked', 'foreign'] as const;

/** One row of DescribeRegions. */
export interface Region {
  readonly id: string;
  /** Undefined for a documented region, which is always listed. */
  readonly extra: (typeof EXTRA_REGIONS)[number] | undefined;
  readonly endpoint: string;
  /** By the values of AcceptLanguage (DescribeRegions page). */
  readonly names: Readonly<Record<'zh-CN' | 'en-US' | 'ja', string>>;
}

/**
 * The regions of the product's endpoint page, then regions that are known from public evidence. For the
 * latter, only marks such as `Closed` are known; the rest of each name is made up.
 */
export const REGIONS: readonly Region[] = [
  region('cn-hangzhou', ['华东1（杭州）', 'China (Hangzhou)', '中国 (杭州)']),
  region('cn-shanghai', ['华东2（上海）', 'China (Shanghai)', '中国 (上海)']),
  region('cn-shanghai-finance-1', [
    '华东2 金融云',
    'China East 2 Finance',
    '中国 (上海) 金融クラウド',
  ]),
  region('cn-hongkong', ['中国香港', 'China (Hong Kong)', '中国 (香港)']),
  region('ap-southeast-1', ['新加坡', 'Singapore', 'シンガポール']),
  region('ap-southeast-3', [
    '马来西亚（吉隆坡）',
    'Malaysia (Kuala Lumpur)',
    'マレーシア (クアラルンプール)',
  ]),
  region('ap-southeast-5', [
    '印度尼西亚（雅加达）',
    'Indonesia (Jakarta)',
    'インドネシア (ジャカルタ)',
  ]),
  region('ap-northeast-1', ['日本（东京）', 'Japan (Tokyo)', '日本 (東京)']),
  region('eu-central-1', ['德国（法兰克福）', 'Germany (Frankfurt)', 'ドイツ (フランクフルト)']),
  region('eu-west-1', ['英国（伦敦）', 'UK (London)', '英国 (ロンドン)'], 'newer'),
  region('us-east-1', ['美国（弗吉尼亚）', 'US (Virginia)', '米国 (バージニア)'], 'newer'),
  region(
    'cn-zhangjiakou-spe',
    ['华北3（张家口）专属', 'China (Zhangjiakou) SPE', '中国 (張家口) SPE'],
    'newer',
  ),
  region(
    'ap-southeast-2',
    ['澳大利亚（悉尼）已关停', 'Australia (Sydney) Closed', 'オーストラリア (シドニー) Closed'],
    'closed',
  ),
  region(
    'cn-hangzhou-test-306',
    ['华东1（杭州）内部测试', 'China (Hangzhou) Test 306', '中国 (杭州) Test 306'],
    'internal',
  ),
  region('ap-south-1', ['印度（孟买）', 'India (Mumbai)', 'インド (ムンバイ)'], 'unmarked'),
  region(
    'cn-beijing',
    ['华北2（北京）', 'China (Beijing)', '中国 (北京)'],
    'foreign',
    'vpc.cn-beijing.aliyuncs.com',
  ),
];

function region(
  id: string,
  [chinese, english, japanese]: readonly [string, string, string],
  extra?: Region['extra'],
  endpoint = `smartag.${id}.aliyuncs.com`,
): Region {
  return { id, names: { 'zh-CN': chinese, 'en-US': english, ja: japanese }, extra, endpoint };
}
