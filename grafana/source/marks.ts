import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { THRESHOLDS } from '../../src/fleet/levels.ts';
import type { Mappings, Worry } from './panels.ts';
import { type Text, text } from './text.ts';

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
export const MARKS = words(text('up', '正常'), text('not up', '异常'));
export const LOADED = words(text('loaded', '已加载'), text('refused', '被拒绝'));
export const ENABLED = words(text('enabled', '已启用'), text('disabled', '已禁用'));

/** The text for a number of unused users that is missing. */
export const NOT_WATCHED = text('not watched for so long yet', '观察时间不足');

/** Texts for 0 seconds left. */
export const REACHED = textForZero(text('reached', '已达到'));
export const ENDED = textForZero(text('ended', '已到期'));

function words(one: Text, nought: Text): Mappings {
  return (language) => {
    const options = {
      '1': { text: one[language], index: 0 },
      '0': { text: nought[language], index: 1 },
    };
    return [{ type: MappingType.ValueToText, options }];
  };
}

function textForZero(zero: Text): Mappings {
  return (language) => [
    { type: MappingType.ValueToText, options: { '0': { text: zero[language], index: 0 } } },
  ];
}
