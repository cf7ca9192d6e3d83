/**
 * Regions of the product's endpoint page (2025-07-31), without the closed region, and regions that public
 * reports of DescribeRegions add (2026). New regions are opened now and then, so a region that is missing
 * here gives a warning and is never refused.
 */
export const KNOWN_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-3',
  'ap-southeast-5',
  'cn-hangzhou',
  'cn-hongkong',
  'cn-shanghai',
  'cn-shanghai-finance-1',
  'cn-zhangjiakou-spe',
  'eu-central-1',
  'eu-west-1',
  'us-east-1',
];
