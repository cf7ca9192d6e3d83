/** Labels that single out an instance. */
const IDENTITY = 'account, region_id, instance_id';

/** What the dashboard's variables choose. */
const CHOSEN = 'account=~"$account", region_id=~"$region", instance_id=~"$instance"';

/** How far back growth is looked at; shorter, one busy day would be taken for the rule. */
const GROWTH_WINDOW = '[3d:10m]';

/** A week in seconds: how far the forecasts look ahead, and what growth is given for. */
const WEEK = 7 * 24 * 3600;

/**
 * A metric of the chosen instances, one series each. Of several exporters watching the same fleet
 * the larger value is taken, so that a pair for safety does not count double.
 *
 * @param also further labels to keep
 * @param matching further matchers, such as `stage="users"`
 */
export function perInstance(metric: string, also: readonly string[] = [], matching = ''): string {
  const labels = [IDENTITY, ...also].join(', ');
  return `max by (${labels}) (${selected(metric, matching)})`;
}

/** A metric of the chosen instances, as it is. */
export function selected(metric: string, matching = ''): string {
  return `${metric}{${[CHOSEN, matching].filter((part) => part !== '').join(', ')}}`;
}

/** How often a counter of the chosen instances went up, per second. */
export function rateOf(counter: string, also: readonly string[] = []): string {
  const labels = [IDENTITY, ...also].join(', ');
  return `max by (${labels}) (rate(${selected(counter)}[$__rate_interval]))`;
}

/** Each instance once, with its name; with its id where no name is known (discovery may be denied). */
const NAMES = `(topk by (${IDENTITY}) (1, sag_app_instance_info{name!=""}) or on (${IDENTITY}) label_replace(max by (${IDENTITY}) (sag_app_instance_up) * 0 + 1, "name", "$1", "instance_id", "(.+)"))`;

/** Adds the label `name`, for people to read. */
export function named(expression: string): string {
  return `(${expression}) * on (${IDENTITY}) group_left (name) ${NAMES}`;
}

/** Users of each instance, enabled and disabled: both count against the limit. */
export const USERS = `sum by (${IDENTITY}) (${perInstance('sag_app_users', ['state'])})`;

export const USERS_LIMIT = perInstance('sag_app_users_limit');

/** Users of each instance as a share of what it may have. */
export const LIMIT_USED = `${USERS} / ${USERS_LIMIT}`;

/** Users an instance may still add. */
export const USERS_FREE = `clamp_min(${USERS_LIMIT} - ${USERS}, 0)`;

/** Growth of each instance in users a week. */
export const GROWTH = `deriv((${USERS})${GROWTH_WINDOW}) * ${WEEK}`;

/** Users of each instance a week from now, if they go on to grow as they did. */
export const USERS_IN_A_WEEK = `predict_linear((${USERS})${GROWTH_WINDOW}, ${WEEK})`;

/**
 * Seconds until each growing instance reaches its limit, and 0 for each that has reached it. Less than
 * one user a month is no growth, or rounding would be taken for it.
 */
export const TIME_TO_LIMIT = `${USERS_FREE} / (deriv((${USERS})${GROWTH_WINDOW}) > 1 / (30 * 24 * 3600)) or ${USERS_FREE} == 0`;

/** Seconds since a time; 0 for one that another clock puts into the future. */
export const secondsSince = (timestamp: string): string => `clamp_min(time() - ${timestamp}, 0)`;

/** How old the newest figures of each instance and stage are. */
export const AGE = secondsSince(perInstance('sag_app_last_success_timestamp_seconds', ['stage']));

/** Seconds until each subscription ends; 0 when it has. */
export const SUBSCRIPTION_LEFT = `clamp_min(${perInstance('sag_app_instance_expiry_timestamp_seconds')} - time(), 0)`;

/** How long the longest-running session of each instance lasts. */
export const OLDEST_SESSION_AGE = secondsSince(
  perInstance('sag_app_oldest_session_start_timestamp_seconds'),
);

/** Bandwidth allocated to users as a share of the instance's own. */
export const BANDWIDTH_ALLOCATED_SHARE = `sum by (${IDENTITY}) (${perInstance('sag_app_bandwidth_allocated_bytes_per_second', ['state'])}) / ${perInstance('sag_app_instance_bandwidth_limit_bytes_per_second')}`;
