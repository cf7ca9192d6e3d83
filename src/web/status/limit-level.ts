import type { LimitLevel } from './schema.ts';

/** As the alerts have them: config/prometheus/thresholds.yml. */
export const WARNING_RATIO = 0.85;
export const CRITICAL_RATIO = 0.95;

/** How near to its limit an instance is. @param ratio users as a share of the limit */
export function limitLevel(ratio: number): LimitLevel {
  if (ratio >= CRITICAL_RATIO) return 'critical';
  return ratio >= WARNING_RATIO ? 'warning' : 'ok';
}
