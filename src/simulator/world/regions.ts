/** Kinds of regions that are listed only when the quirk `regions` names them. */
export const EXTRA_REGIONS = ['newer', 'closed', 'internal', 'unmarked', 'foreign'] as const;

/** One row of DescribeRegions. */
export interface Region {
  readonly id: string;
  /** Undefined for a documented region, which is always listed. */
  readonly extra?: (typeof EXTRA_REGIONS)[number];
  /** RegionEndpoint. @default `smartag.<id>.aliyuncs.com` */
  readonly endpoint?: string;
  readonly names: Readonly<Record<Language, string>>;
}

/** The values of AcceptLanguage (DescribeRegions page). */
export type Language = 'zh-CN' | 'en-US' | 'ja';

/**
 * The regions of the product's endpoint page, then regions that are known from public evidence. For the
 * latter, only marks such as `Closed` are known; the rest of each name is made up.
 */
export const REGIONS: readonly Region[] = [
  {
    id: 'cn-hangzhou',
    names: { 'zh-CN': '华东1（杭州）', 'en-US': 'China (Hangzhou)', ja: '中国 (杭州)' },
  },
  {
    id: 'cn-shanghai',
    names: { 'zh-CN': '华东2（上海）', 'en-US': 'China (Shanghai)', ja: '中国 (上海)' },
  },
  {
    id: 'cn-shanghai-finance-1',
    names: {
      'zh-CN': '华东2 金融云',
      'en-US': 'China East 2 Finance',
      ja: '中国 (上海) 金融クラウド',
    },
  },
  {
    id: 'cn-hongkong',
    names: { 'zh-CN': '中国香港', 'en-US': 'China (Hong Kong)', ja: '中国 (香港)' },
  },
  { id: 'ap-southeast-1', names: { 'zh-CN': '新加坡', 'en-US': 'Singapore', ja: 'シンガポール' } },
  {
    id: 'ap-southeast-3',
    names: {
      'zh-CN': '马来西亚（吉隆坡）',
      'en-US': 'Malaysia (Kuala Lumpur)',
      ja: 'マレーシア (クアラルンプール)',
    },
  },
  {
    id: 'ap-southeast-5',
    names: {
      'zh-CN': '印度尼西亚（雅加达）',
      'en-US': 'Indonesia (Jakarta)',
      ja: 'インドネシア (ジャカルタ)',
    },
  },
  {
    id: 'ap-northeast-1',
    names: { 'zh-CN': '日本（东京）', 'en-US': 'Japan (Tokyo)', ja: '日本 (東京)' },
  },
  {
    id: 'eu-central-1',
    names: {
      'zh-CN': '德国（法兰克福）',
      'en-US': 'Germany (Frankfurt)',
      ja: 'ドイツ (フランクフルト)',
    },
  },
  {
    id: 'eu-west-1',
    extra: 'newer',
    names: { 'zh-CN': '英国（伦敦）', 'en-US': 'UK (London)', ja: '英国 (ロンドン)' },
  },
  {
    id: 'us-east-1',
    extra: 'newer',
    names: {
      'zh-CN': '美国（弗吉尼亚）',
      'en-US': 'US (Virginia)',
      ja: '米国 (バージニア)',
    },
  },
  {
    id: 'cn-zhangjiakou-spe',
    extra: 'newer',
    names: {
      'zh-CN': '华北3（张家口）专属',
      'en-US': 'China (Zhangjiakou) SPE',
      ja: '中国 (張家口) SPE',
    },
  },
  {
    id: 'ap-southeast-2',
    extra: 'closed',
    names: {
      'zh-CN': '澳大利亚（悉尼）已关停',
      'en-US': 'Australia (Sydney) Closed',
      ja: 'オーストラリア (シドニー) Closed',
    },
  },
  {
    id: 'cn-hangzhou-test-306',
    extra: 'internal',
    names: {
      'zh-CN': '华东1（杭州）内部测试',
      'en-US': 'China (Hangzhou) Test 306',
      ja: '中国 (杭州) Test 306',
    },
  },
  {
    id: 'ap-south-1',
    extra: 'unmarked',
    names: { 'zh-CN': '印度（孟买）', 'en-US': 'India (Mumbai)', ja: 'インド (ムンバイ)' },
  },
  {
    id: 'cn-beijing',
    extra: 'foreign',
    endpoint: 'vpc.cn-beijing.aliyuncs.com',
    names: { 'zh-CN': '华北2（北京）', 'en-US': 'China (Beijing)', ja: '中国 (北京)' },
  },
];
