import type { AnyMetric, Declaration } from '../metric.ts';
import { ACCOUNT_METRICS } from './account.ts';
import { EXPORTER_METRICS } from './exporter.ts';
import { INSTANCE_METRICS } from './instance.ts';
import { USER_METRICS } from './user.ts';

/** Every metric of the fleet, in the order of the exposition. */
export const FLEET_METRICS: readonly AnyMetric[] = [
  ...ACCOUNT_METRICS,
  ...INSTANCE_METRICS,
  ...USER_METRICS,
];

/** Every metric of the exporter itself; prom-client keeps their values. */
export const OWN_METRICS: readonly Declaration[] = Object.values(EXPORTER_METRICS);
