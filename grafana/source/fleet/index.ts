import type { Parts } from '../put-together.ts';
import { text } from '../text.ts';
import { account, instances, region, unusedFor } from '../variables.ts';
import { CAPACITY_ROW } from './capacity.ts';
import { NOW_ROW } from './now.ts';
import { ONLINE_ROW } from './online.ts';
import { SEATS_ROW } from './seats.ts';
import { TOP_ROW } from './top.ts';

/** The whole fleet: users against limits, forecasts, users online, and the age of the data. */
export const FLEET: Parts = {
  uid: 'sag-app-fleet',
  title: text('SAG APP / Fleet', 'SAG APP / 总览'),
  description: text(
    'Smart Access Gateway APP: users against limits, forecast, unused users, users online, expiry, age of the data.',
    '智能接入网关 APP：客户端账号与配额、预测、未使用的账号、在线账号、到期时间、数据时效。',
  ),
  from: 'now-24h',
  variables: [account, region, instances, unusedFor],
  rows: [NOW_ROW, CAPACITY_ROW, TOP_ROW, SEATS_ROW, ONLINE_ROW],
};
