import { type AnyMetric, defineMetric, ifKnown } from '../metric.ts';

export const SESSION_METRICS: readonly AnyMetric[] = [
  defineMetric({
    name: 'sag_app_session_start_timestamp_seconds',
    help: 'When the session began. Sessions of one user from one address are one series, with the oldest start.',
    example: 'count by (instance_id, user_name) (sag_app_session_start_timestamp_seconds) > 1',
    type: 'gauge',
    unit: 'timestamp_seconds',
    scope: 'session',
    labels: {},
    wanted: ({ detail }) => detail === 'sessions',
    samples: ({ start }) => ifKnown(start),
  }),
];
