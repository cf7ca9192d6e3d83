import picomatch from 'picomatch';
import type { Instance } from '../../model/instance.ts';
import type { Lists } from '../../smartag/lists/lists.ts';
import { INSTANCES_PAGE_SIZE } from '../../smartag/operations/describe-smart-access-gateways.ts';
import type { AccountSettings } from '../settings.ts';

/** What a discovery pass of a region found. */
export interface Discovered {
  /** To be watched because discovery found them; absent when discovery is off there. */
  readonly found?: readonly Instance[];
  /** What the API says of instances that the configuration names. */
  readonly configured: readonly Instance[];
  /** Instances that are devices, not SAG APP: they are left out, also where the configuration names them. */
  readonly devices: readonly Instance[];
}

/**
 * One discovery pass of a region: lists its instances, and looks up the configured ones that the
 * listing does not hold.
 *
 * @throws ApiError when the listing, or a look-up, failed
 */
export async function discoveryPass(
  account: AccountSettings,
  options: {
    readonly lists: Lists;
    readonly regionId: string;
    readonly discovers: boolean;
    /** Instances of the account that are watched in other regions. @default 0 */
    readonly others?: number;
    /** Instances of the region that are watched, and what is known of each. */
    readonly known?: ReadonlyMap<string, Instance | undefined>;
    /** Whether the region may not be reachable at all. */
    readonly isTrial?: boolean;
  },
  signal: AbortSignal,
): Promise<Discovered> {
  const { lists, regionId, discovers, others = 0, known = new Map(), isTrial = false } = options;
  const wanted = account.instances.filter(({ region }) => region === regionId);
  const isWanted = ({ id }: Pick<Instance, 'id'>): boolean => wanted.some((one) => one.id === id);
  const found = new Map([...known].filter(([id]) => !isWanted({ id })));
  const all = discovers
    ? (await lists.instances({ regionId, others, known: found, isTrial }, signal)).items
    : [];
  const missing = wanted.filter(({ id }) => !all.some((instance) => instance.id === id));
  const lookedUp: Instance[] = [];
  for (let start = 0; start < missing.length; start += INSTANCES_PAGE_SIZE) {
    const instanceIds = missing.slice(start, start + INSTANCES_PAGE_SIZE).map(({ id }) => id);
    // Whether the API has ever told of a configured instance decides whether it is missed.
    const told = instanceIds.flatMap((id) => {
      const details = known.get(id);
      return details ? [[id, details] as const] : [];
    });
    const request = { regionId, instanceIds, known: new Map(told) };
    lookedUp.push(...(await lists.instances(request, signal)).items);
  }
  const matches = matcher(account);
  return {
    ...(discovers && { found: all.filter((one) => matches(one) && !isDevice(one)) }),
    // A server that ignores SmartAGIds answers with others too.
    configured: [...all, ...lookedUp].filter((one) => isWanted(one) && !isDevice(one)),
    devices: [...all, ...lookedUp].filter(
      (one) => isDevice(one) && (matches(one) || isWanted(one)),
    ),
  };
}

/** InstanceType `software` asks for SAG APP only, but may not be heeded. */
function isDevice({ device }: Instance): boolean {
  return device !== undefined;
}

/** Whether an instance is to be watched: by id or name one of `include` matches and none of `exclude`. */
export function matcher({
  include,
  exclude,
}: AccountSettings): (instance: Pick<Instance, 'id' | 'name'>) => boolean {
  // Names are no paths: a star matches whatever is in them.
  const options = { bash: true, dot: true };
  const included = picomatch([...include], options);
  const excluded = picomatch([...exclude], options);
  return ({ id, name }) =>
    (included(id) || (name !== '' && included(name))) &&
    !(excluded(id) || (name !== '' && excluded(name)));
}
