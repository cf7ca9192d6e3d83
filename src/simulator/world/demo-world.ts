import { type Clock, MINUTE } from '../../clock.ts';
import type { InstanceSpec, WorldSpec } from './spec.ts';

/** Two regions and about 500 users, with sessions of minutes, so that something changes every few seconds. */
const INSTANCES: readonly InstanceSpec[] = [
  {
    // This instance has reached 96 % of its limit, so that the dashboards show an instance that needs a
    // larger quota.
    id: 'sag-7f3k2m9q4w1x8z5a',
    regionId: 'cn-shanghai',
    name: 'shanghai-headquarters',
    users: 192,
    usersLimit: 200,
    maxBandwidth: 100,
    onlineRatio: 0.35,
    multiDeviceRatio: 0.12,
    meanSessionMs: 6 * MINUTE,
  },
  {
    id: 'sag-2c8v5b7n1j6h4g0d',
    regionId: 'cn-shanghai',
    name: 'shanghai-sales',
    users: 118,
    usersLimit: 200,
    maxBandwidth: 50,
    onlineRatio: 0.25,
    meanSessionMs: 4 * MINUTE,
  },
  {
    id: 'sag-9t4r6y2u8i0o3p5l',
    regionId: 'cn-shanghai',
    name: 'suzhou-laboratory',
    users: 46,
    usersLimit: 100,
    maxBandwidth: 20,
    onlineRatio: 0.15,
    meanSessionMs: 5 * MINUTE,
  },
  {
    id: 'sag-5s1d7f3g9h2j4k6l',
    regionId: 'ap-southeast-1',
    name: 'singapore-office',
    users: 88,
    usersLimit: 120,
    maxBandwidth: 50,
    onlineRatio: 0.3,
    multiDeviceRatio: 0.1,
    meanSessionMs: 4 * MINUTE,
  },
  {
    id: 'sag-0q8w2e4r6t1y3u5i',
    regionId: 'ap-southeast-1',
    name: 'field-service',
    users: 48,
    usersLimit: 60,
    maxBandwidth: 20,
    onlineRatio: 0.2,
    meanSessionMs: 3 * MINUTE,
  },
  {
    id: 'sag-3x6c9v2b5n8m1z4k',
    regionId: 'ap-southeast-1',
    name: 'training-room',
    users: 8,
    usersLimit: 10,
    maxBandwidth: 10,
    onlineRatio: 0,
    disabledRatio: 0,
  },
];

/** The fleet of `demo`, and of `simulate` without a scenario. */
export function demoWorld(options: {
  readonly seed: number | string;
  readonly clock: Clock;
}): WorldSpec {
  return { ...options, instances: INSTANCES, activity: 'living' };
}
