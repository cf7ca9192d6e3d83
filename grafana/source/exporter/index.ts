import type { Parts } from '../put-together.ts';
import { text } from '../text.ts';
import { account, exporter, instances, region } from '../variables.ts';
import { API_ROW } from './api.ts';
import { NOW_ROW } from './now.ts';
import { POLLING_ROW } from './polling.ts';
import { PROCESS_ROW } from './process.ts';
import { SCRAPES_ROW } from './scrapes.ts';

/** The exporter itself: its API calls, its polling, and the cost of a scrape. */
export const EXPORTER: Parts = {
  uid: 'sag-app-exporter',
  title: text('SAG APP / Exporter', 'SAG APP / Exporter'),
  description: text(
    'The exporter of SAG APP: API calls by code, budget, throttling, stages, cost of a scrape.',
    'SAG APP 的 exporter：按返回码统计的 API 调用、调用预算、限流、采集阶段、抓取开销。',
  ),
  from: 'now-6h',
  variables: [account, region, instances, exporter],
  rows: [NOW_ROW, API_ROW, POLLING_ROW, SCRAPES_ROW, PROCESS_ROW],
};
