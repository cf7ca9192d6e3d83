import type { Parts } from '../put-together.ts';
import { text } from '../text.ts';
import { INSTANCE_UID } from '../uids.ts';
import { account, instance, region, unusedFor, user } from '../variables.ts';
import { BANDWIDTH_ROW } from './bandwidth.ts';
import { NOW_ROW } from './now.ts';
import { SESSIONS_ROW, TRAFFIC_ROW } from './off-by-default.ts';
import { ONLINE_ROW } from './online.ts';
import { POLLING_ROW } from './polling.ts';
import { UNUSED_ROW } from './unused.ts';
import { USERS_ROW } from './users.ts';

/** One instance: its users, who is online and since when, its bandwidth, its polling. */
export const INSTANCE: Parts = {
  uid: INSTANCE_UID,
  title: text('SAG APP / Instance', 'SAG APP / 实例'),
  description: text(
    'One SAG APP instance: users by state, users online over time, logins, unused users, bandwidth, sessions and their ages.',
    '单个智能接入网关 APP 实例：各状态的客户端账号、在线账号的变化、上线和下线、未使用的账号、带宽、会话及其时长。',
  ),
  from: 'now-24h',
  variables: [account, region, instance, user, unusedFor],
  rows: [
    NOW_ROW,
    USERS_ROW,
    ONLINE_ROW,
    UNUSED_ROW,
    BANDWIDTH_ROW,
    POLLING_ROW,
    SESSIONS_ROW,
    TRAFFIC_ROW,
  ],
};
