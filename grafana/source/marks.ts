import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { THRESHOLDS } from '../../src/fleet/levels.ts';
import type { Worry } from './panels.ts';

/*
 * The values at which the dashboards change colour. They equal the thresholds of the delivered alerts
 * (config/prometheus/thresholds.yml); a test compares them.
 */

const DAY = 24 * 3600;

/** Share of the user limit. */
export const NEAR_LIMIT: Worry = THRESHOLDS.usersLimitUsedRatio;

/** Time until something ends or is full; less is worse. */
export const SOON: Worry = THRESHOLDS.subscriptionLeftSeconds;

/** Age of values. The default intervals are at most 5 minutes, and stale_after is 15. */
export const OLD: Worry = { warning: 600, critical: 900 };

/** Age of a session. */
export const LONG: Worry = { warning: 3 * DAY, critical: 7 * DAY };

/** For metrics whose 1 is good and whose 0 is bad. */
export const UP: Worry = { warning: 1, critical: 0.5 };

/** The words for 1 and 0. */
export const MARKS = words('up', 'not up');
export const LOADED = words('loaded', 'refused');
export const ENABLED = words('enabled', 'disabled');

/** The text for a number of unused users that is missing. */
export const NOT_WATCHED = 'not watched for so long yet';

/** Texts for 0 seconds left. */
export const REACHED = textForZero('reached');
export const ENDED = textForZero('ended');

function words(one: string, nought: string): readonly ValueMapping[] {
  const options = { '1': { text: one, index: 0 }, '0': { text: nought, index: 1 } };
  return [{ type: MappingType.ValueToText, options }];
}

function textForZero(text: string): readonly ValueMapping[] {
  return [{ type: MappingType.ValueToText, options: { '0': { text, index: 0 } } }];
}
