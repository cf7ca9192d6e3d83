import { DAY } from '../../clock.ts';
import type { Random } from './random.ts';
import type { ActivityKind, InstanceDetails, InstanceSpec } from './spec.ts';
import type { WorldTime } from './time.ts';

/** Instances with more users than this get a larger network than one of 16 bits, which would be too small. */
const LARGE_INSTANCE = 30_000;

/**
 * Real quotas are multiples of 5 (price page). A UserCount that is not a multiple of 5 may be the number of
 * users.
 */
const QUOTA_STEP = 5;
const SMALLEST_QUOTA = 10;

export interface InstanceContext {
  readonly seed: number | string;
  readonly time: WorldTime;
  readonly activity: ActivityKind;
  /** Share of made-up users whose name is their mail address, unless the instance has its own share. */
  readonly mailNames: number;
  /** Number of instances created before. Gives each instance a network of its own. */
  readonly ordinal: number;
}

/** Completes the details of a spec: details that it leaves out are drawn or have a default. */
export function detailsOf(
  spec: InstanceSpec,
  context: InstanceContext,
  random: Random,
): InstanceDetails {
  // The API shows times of the clock, at any speed of the world; see WorldTime.
  const now = context.time.wall();
  const count = typeof spec.users === 'number' ? spec.users : (spec.users?.length ?? 0);
  return {
    id: spec.id,
    regionId: spec.regionId,
    // A number of sixteen digits below 2^53, as in the documents' samples.
    uid: spec.uid ?? BigInt(1_000_000_000_000_000 + random.below(8_000_000_000_000_000)),
    type: spec.type ?? 'software',
    name: spec.name ?? spec.id,
    description: spec.description ?? '',
    status: spec.status ?? 'Active',
    usersLimit: spec.usersLimit ?? smallestQuotaFor(count),
    maxBandwidth: spec.maxBandwidth ?? 50,
    dataPlan: spec.dataPlan ?? 5,
    createTime: spec.createTime ?? now - (100 + random.below(600)) * DAY,
    endTime: spec.endTime ?? now + (60 + random.below(300)) * DAY,
    cidrBlock:
      spec.cidrBlock ??
      (count > LARGE_INSTANCE ? '10.0.0.0/8' : `10.${16 + (context.ordinal % 200)}.0.0/16`),
  };
}

function smallestQuotaFor(users: number): number {
  return Math.max(SMALLEST_QUOTA, Math.ceil(users / QUOTA_STEP) * QUOTA_STEP);
}
