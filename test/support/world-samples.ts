import type { World } from '../../src/simulator/index.ts';
import { parseExposition } from './parse-exposition.ts';

/** Bytes per second in one Kbit/s and one Mbit/s. */
const KILOBIT = 125;
const MEGABIT = 125_000;

/** Samples by `name{label="value",…}`, labels sorted. */
export type Samples = Readonly<Record<string, number>>;

/** The expected samples of every metric that follows from the world alone. */
export function samplesOfWorld(world: World, account = 'test'): Samples {
  const samples: Record<string, number> = {};
  const add = (name: string, labels: Readonly<Record<string, string>>, value: number): void => {
    samples[keyOf(name, labels)] = value;
  };
  for (const instance of world.instances()) {
    const identity = { account, region_id: instance.regionId, instance_id: instance.id };
    const users = world.users(instance.id);
    const { name, status, usersLimit, maxBandwidth, endTime } = instance.details;
    add('sag_app_instance_info', { ...identity, name, status }, 1);
    add('sag_app_users_limit', identity, usersLimit);
    add('sag_app_instance_expiry_timestamp_seconds', identity, endTime / 1000);
    add('sag_app_instance_bandwidth_limit_bytes_per_second', identity, maxBandwidth * MEGABIT);
    for (const state of ['enabled', 'disabled'] as const) {
      const those = users.filter((user) => (user.state === 0) === (state === 'enabled'));
      const labels = { ...identity, state };
      const sum = (of: 'bandwidth' | 'acceleratedBandwidth'): number =>
        those.reduce((total, user) => total + user[of] * KILOBIT, 0);
      add('sag_app_users', labels, those.length);
      add('sag_app_bandwidth_allocated_bytes_per_second', labels, sum('bandwidth'));
      add(
        'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
        labels,
        sum('acceleratedBandwidth'),
      );
    }
    const sessions = users.flatMap((user) => user.sessions);
    add('sag_app_online_users', identity, users.filter((user) => user.sessions.length > 0).length);
    add('sag_app_online_clients', identity, sessions.length);
    if (sessions.length > 0) {
      add(
        'sag_app_oldest_session_start_timestamp_seconds',
        identity,
        Math.min(...sessions.map((session) => session.onlineTime)),
      );
    }
    for (const user of users) {
      const labels = { ...identity, user_name: user.name };
      const static_ip = String(user.staticIp !== undefined);
      add('sag_app_user_info', { ...labels, static_ip, user_mail: '' }, 1);
      add('sag_app_user_enabled', labels, user.state === 0 ? 1 : 0);
      add('sag_app_user_bandwidth_limit_bytes_per_second', labels, user.bandwidth * KILOBIT);
      add(
        'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
        labels,
        user.acceleratedBandwidth * KILOBIT,
      );
      add('sag_app_user_online_clients', labels, user.sessions.length);
      if (user.sessions.length > 0) {
        add(
          'sag_app_user_session_start_timestamp_seconds',
          labels,
          Math.min(...user.sessions.map((session) => session.onlineTime)),
        );
      }
    }
  }
  return samples;
}

const OF_THE_WORLD = new Set([
  'sag_app_instance_info',
  'sag_app_users_limit',
  'sag_app_instance_expiry_timestamp_seconds',
  'sag_app_instance_bandwidth_limit_bytes_per_second',
  'sag_app_users',
  'sag_app_bandwidth_allocated_bytes_per_second',
  'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
  'sag_app_online_users',
  'sag_app_online_clients',
  'sag_app_oldest_session_start_timestamp_seconds',
  'sag_app_user_info',
  'sag_app_user_enabled',
  'sag_app_user_bandwidth_limit_bytes_per_second',
  'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
  'sag_app_user_online_clients',
  'sag_app_user_session_start_timestamp_seconds',
]);

/** The samples of the same metrics in a scrape, read by an independent parser that refuses duplicate series. */
export function samplesOfScrape(text: string): Samples {
  return samplesNamed(text, (name) => OF_THE_WORLD.has(name));
}

/** The samples of a scrape that belong to the given families. */
export function samplesNamed(text: string, wanted: (name: string) => boolean): Samples {
  const samples: Record<string, number> = {};
  for (const family of parseExposition(text)) {
    if (!wanted(family.name)) continue;
    for (const { name, labels, value } of family.samples) samples[keyOf(name, labels)] = value;
  }
  return samples;
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${sorted.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
}
