/** One row of DescribeRegions. */
export interface Region {
  readonly id: string;
  readonly names: Readonly<Record<Language, string>>;
}

/** The values of AcceptLanguage (DescribeRegions page). */
export type Language = 'zh-CN' | 'en-US' | 'ja';

/** The regions of the product's endpoint page, without Sydney, which is closed. */
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
];
