import picomatch from 'picomatch';
import type { Instance } from '../../model/instance.ts';
import type { Lists } from '../../smartag/lists/lists.ts';
import { INSTANCES_PAGE_SIZE } from '../../smartag/operations/describe-smart-access-gateways.ts';
import type { AccountSettings } from '../settings.ts';

export interface Discovered {
  /** Instances that discovery found; absent when discovery is off in the region. */
  readonly found?: readonly Instance[];
  /** Instances that the configuration names, as the API describes them. */
  readonly configured: readonly Instance[];
  /** Devices instead of SAG APP instances: they are not polled, even if the configuration names them. */
  readonly devices: readonly Instance[];
}

/**
 * Makes a discovery pass of a region: lists its instances, and looks up the configured ones that the list
 * does not contain. `WatchedInstances` adds and removes the instances that are polled accordingly.
 *
 * @throws ApiError when the listing, or a look-up, failed
 */
export async function discoveryPass(
  account: AccountSettings,
  options: {
    readonly lists: Lists;
    readonly regionId: string;
    readonly discovers: boolean;
    /** The number of instances that are watched in other regions. @default 0 */
    readonly others?: number;
    /** The watched instances of the region by id, with their details, if known. */
    readonly known?: ReadonlyMap<string, Instance | undefined>;
    /** Whether the endpoint of the region may not exist. */
    readonly isTrial?: boolean;
  },
  signal: AbortSignal,
): Promise<Discovered> {
  const { lists, regionId, discovers, others = 0, known = new Map(), isTrial = false } = options;
  const wanted = account.instances.filter(({ region }) => region === regionId);
  const isWanted = ({ id }: Pick<Instance, 'id'>): boolean =>
    wanted.some((instance) => instance.id === id);
  const found = new Map([...known].filter(([id]) => !isWanted({ id })));
  const all = discovers
    ? (await lists.instances({ regionId, others, known: found, isTrial }, signal)).items
    : [];
  const missing = wanted.filter(({ id }) => !all.some((instance) => instance.id === id));
  const lookedUp: Instance[] = [];
  for (let start = 0; start < missing.length; start += INSTANCES_PAGE_SIZE) {
    const instanceIds = missing.slice(start, start + INSTANCES_PAGE_SIZE).map(({ id }) => id);
    // Only an instance that the API has described before counts as missing from the answer.
    const described = instanceIds.flatMap((id) => {
      const details = known.get(id);
      return details ? [[id, details] as const] : [];
    });
    const request = { regionId, instanceIds, known: new Map(described) };
    lookedUp.push(...(await lists.instances(request, signal)).items);
  }
  const matches = matcher(account);
  const listed = [...all, ...lookedUp];
  return {
    ...(discovers && { found: all.filter((instance) => matches(instance) && !isDevice(instance)) }),
    // A server that ignores the parameter SmartAGIds also answers with other instances.
    configured: listed.filter((instance) => isWanted(instance) && !isDevice(instance)),
    devices: listed.filter(
      (instance) => isDevice(instance) && (matches(instance) || isWanted(instance)),
    ),
  };
}

/** The request asks for SAG APP only (InstanceType `software`), but the API may ignore that. */
function isDevice({ device }: Instance): boolean {
  return device !== undefined;
}

/** An instance matches when its id or name matches a glob of `include` and none of `exclude`. */
export function matcher({
  include,
  exclude,
}: AccountSettings): (instance: Pick<Instance, 'id' | 'name'>) => boolean {
  // Names are not paths: a star also matches slashes and leading dots.
  const options = { bash: true, dot: true };
  const included = picomatch([...include], options);
  const excluded = picomatch([...exclude], options);
  return ({ id, name }) =>
    (included(id) || (name !== '' && included(name))) &&
    !(excluded(id) || (name !== '' && excluded(name)));
}
