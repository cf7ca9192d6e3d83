/** The labels that identify an instance. */
const IDENTITY = 'account, region_id, instance_id';

/** Matchers for the values of the dashboard's variables. */
const CHOSEN = 'account=~"$account", region_id=~"$region", instance_id=~"$instance"';

/** The time range from which growth is computed. In a shorter one, a single busy day would count too much. */
const GROWTH_WINDOW = '[3d:10m]';

/** A week in seconds: the range of the forecasts and the unit of growth. */
const WEEK = 7 * 24 * 3600;

/**
 * A metric of the chosen instances, with one series for each instance. If several exporters watch the same
 * fleet for safety, the largest value is used, so that nothing counts twice.
 *
 * @param also further labels to keep
 * @param matching further matchers, such as `stage="users"`
 */
export function perInstance(metric: string, also: readonly string[] = [], matching = ''): string {
  const labels = [IDENTITY, ...also].join(', ');
  return `max by (${labels}) (${selected(metric, matching)})`;
}

/** A metric of the chosen instances, without aggregation. */
export function selected(metric: string, matching = ''): string {
  return `${metric}{${[CHOSEN, matching].filter((part) => part !== '').join(', ')}}`;
}

/** The rate of a counter of the chosen instances, per second. */
export function rateOf(counter: string, also: readonly string[] = []): string {
  const labels = [IDENTITY, ...also].join(', ');
  return `max by (${labels}) (rate(${selected(counter)}[$__rate_interval]))`;
}

/** Each instance once, with its name, or with its id if the name is unknown because discovery is denied. */
const NAMES = `(topk by (${IDENTITY}) (1, sag_app_instance_info{name!=""}) or on (${IDENTITY}) label_replace(max by (${IDENTITY}) (sag_app_instance_up) * 0 + 1, "name", "$1", "instance_id", "(.+)"))`;

/** Adds the label `name`, for people to read. */
export function named(expression: string): string {
  return `(${expression}) * on (${IDENTITY}) group_left (name) ${NAMES}`;
}

/** Users of each instance, enabled and disabled: both count against the limit. */
export const USERS = `sum by (${IDENTITY}) (${perInstance('sag_app_users', ['state'])})`;

export const USERS_LIMIT = perInstance('sag_app_users_limit');

/** Users of each instance who were not online for the chosen time. Unknown until it was watched for so long. */
export const USERS_UNUSED = perInstance('sag_app_users_unused', [], 'unused_for="$unused_for"');

/** Users of each instance as a share of its limit. */
export const LIMIT_USED = `${USERS} / ${USERS_LIMIT}`;

/** The number of users that each instance may still add. */
export const USERS_FREE = `clamp_min(${USERS_LIMIT} - ${USERS}, 0)`;

/** Growth of each instance in users a week. */
export const GROWTH = `deriv((${USERS})${GROWTH_WINDOW}) * ${WEEK}`;

/** Users of each instance a week from now, at the growth of the last days. */
export const USERS_IN_A_WEEK = `predict_linear((${USERS})${GROWTH_WINDOW}, ${WEEK})`;

/**
 * Seconds until each growing instance reaches its limit, and 0 for each that has reached it. Growth of less
 * than one user a month is ignored, because rounding can cause it.
 */
export const TIME_TO_LIMIT = `${USERS_FREE} / (deriv((${USERS})${GROWTH_WINDOW}) > 1 / (30 * 24 * 3600)) or ${USERS_FREE} == 0`;

/** Seconds since a time. A time in the future, from a clock that is ahead, gives 0. */
export const secondsSince = (timestamp: string): string => `clamp_min(time() - ${timestamp}, 0)`;

/** The age of the newest data of each instance and stage. */
export const AGE = secondsSince(perInstance('sag_app_last_success_timestamp_seconds', ['stage']));

/** Seconds until each subscription ends; 0 afterwards. */
export const SUBSCRIPTION_LEFT = `clamp_min(${perInstance('sag_app_instance_expiry_timestamp_seconds')} - time(), 0)`;

/** The age of the oldest session of each instance. */
export const OLDEST_SESSION_AGE = secondsSince(
  perInstance('sag_app_oldest_session_start_timestamp_seconds'),
);

/** Bandwidth allocated to users as a share of the bandwidth of the instance. */
export const BANDWIDTH_ALLOCATED_SHARE = `sum by (${IDENTITY}) (${perInstance('sag_app_bandwidth_allocated_bytes_per_second', ['state'])}) / ${perInstance('sag_app_instance_bandwidth_limit_bytes_per_second')}`;
