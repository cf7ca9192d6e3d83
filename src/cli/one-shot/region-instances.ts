import type { AccountConfig } from '../../config/config.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Instance } from '../../model/instance.ts';
import { discoveryPass } from '../../poll/stages/discovery.ts';
import type { Lists } from '../../smartag/lists/lists.ts';
import { discoversIn } from './regions-of.ts';

/** An instance that the exporter would poll. */
export interface PolledInstance {
  readonly regionId: string;
  readonly instanceId: string;
  readonly details?: Instance;
  /** From the configuration. */
  readonly usersLimit?: number;
}

export interface RegionInstances {
  readonly polled: readonly PolledInstance[];
  /** Devices instead of SAG APP instances; the exporter leaves them out. */
  readonly devices: readonly Instance[];
  /** Why the API could not be asked. Then `polled` has only the instances that the configuration names. */
  readonly error?: ApiError;
}

/**
 * Finds the instances of a region that the exporter would poll.
 *
 * @param isTrial whether the endpoint of the region may not exist
 * @throws the signal's reason
 */
export async function regionInstances(
  account: AccountConfig,
  options: { readonly lists: Lists; readonly regionId: string; readonly isTrial?: boolean },
  signal: AbortSignal,
): Promise<RegionInstances> {
  const { regionId } = options;
  const named = namedInstances(account, regionId);
  const discovers = discoversIn(account, regionId);
  try {
    const pass = await discoveryPass(account, { ...options, discovers }, signal);
    const details = new Map(
      [...pass.configured, ...(pass.found ?? [])].map((instance) => [instance.id, instance]),
    );
    const ids = new Set([...named.map(({ instanceId }) => instanceId), ...details.keys()]);
    const polled = Array.from(ids, (instanceId): PolledInstance => {
      const configured = named.find((instance) => instance.instanceId === instanceId);
      const known = details.get(instanceId);
      return { regionId, instanceId, ...configured, ...(known && { details: known }) };
    });
    return { polled, devices: pass.devices };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { polled: named, devices: [], error };
  }
}

/** The instances of a region that the configuration names. */
export function namedInstances(
  { instances }: AccountConfig,
  regionId: string,
): readonly PolledInstance[] {
  return instances
    .filter(({ region }) => region === regionId)
    .map(({ id, usersLimit }) => ({
      regionId,
      instanceId: id,
      ...(usersLimit !== undefined && { usersLimit }),
    }));
}
