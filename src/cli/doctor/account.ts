import type { Clock } from '../../clock.ts';
import type { AccountConfig, Config } from '../../config/config.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Instance } from '../../model/instance.ts';
import { owns } from '../../poll/shard-owner.ts';
import { discoveryPass } from '../../poll/stages/discovery.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import {
  describeSkipped,
  type RegionChoice,
  unresolvedReason,
} from '../../smartag/region-marks.ts';
import { endpointOf, HOME_REGION } from '../../smartag/transport/endpoints.ts';
import type { ProxyOptions } from '../../smartag/transport/proxy.ts';
import { namedRegions, regionsOf } from '../one-shot/regions-of.ts';
import { checkEndpoint } from './endpoint.ts';
import { type Finding, failed, ok } from './finding.ts';
import { checkInstance } from './instance.ts';
import { checkRegions } from './regions.ts';

/** What the check of an account needs. */
export interface AccountCheck {
  readonly account: AccountConfig;
  readonly config: Config;
  readonly client: Client;
  readonly env: ProxyOptions['env'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An instance that would be watched. */
interface Watched {
  readonly regionId: string;
  readonly instanceId: string;
  readonly details?: Instance;
  /** By the configuration. */
  readonly usersLimit?: number;
}

/** Looks at everything an account needs, each finding as soon as it is known. */
export async function* checkAccount(check: AccountCheck): AsyncGenerator<Finding> {
  const { account, config, client, signal } = check;
  const { shard } = config;
  yield* checkRegions(account);
  if (!(yield* reaches(check, account.endpoint ?? endpointOf(firstRegion(account))))) return;

  let choice: RegionChoice;
  try {
    choice = await regionsOf(account, client, signal);
  } catch (caught) {
    const error = asApiError(caught);
    yield error.kind === 'unauthenticated'
      ? failed('credentials', error)
      : {
          ...failed('finding the regions', error),
          advice: 'Or name the regions in accounts[].regions.',
        };
    return;
  }
  const regions = yield* reachableRegions(check, choice);

  let accepted = false;
  const watched: Watched[] = [];
  for (const regionId of regions) {
    const found = await discover(check, regionId);
    if (found.error?.kind === 'unauthenticated') {
      yield failed('credentials', found.error);
      return;
    }
    if (!accepted) yield ok(`credentials: accepted (${sourceOf(account)})`);
    accepted = true;
    yield found.finding;
    for (const { id, device } of found.devices) {
      yield {
        verdict: 'WARN',
        text: `${id} in ${regionId} is left out: a device (HardwareVersion ${device}), not SAG APP`,
      };
    }
    watched.push(...found.watched);
  }
  const own = watched.filter((one) => owns(shard, { account: account.name, ...one }));
  if (shard.total > 1) {
    const { index, total } = shard;
    const count = `${own.length} of ${watched.length} instance${watched.length === 1 ? '' : 's'}`;
    yield ok(`shard ${index} of ${total}: ${count}, which are checked`);
  }
  if (watched.length === 0) {
    yield {
      verdict: 'FAIL',
      text: `no instance to watch in ${regions.join(', ') || 'any region'}`,
      advice:
        'Check accounts[].regions, include and exclude, or name instances in accounts[].instances.',
    };
  }
  const userCount = { isUsers: false };
  const limits: (() => Finding)[] = [];
  for (const one of own) {
    const limit = yield* checkInstance({ ...check, ...one, userCount });
    if (limit) limits.push(limit);
  }
  for (const limit of limits) yield limit();
}

/**
 * Tells of the regions that were found and of those that are skipped.
 *
 * @returns the regions in which instances are looked for
 */
async function* reachableRegions(
  check: AccountCheck,
  { taken, skipped }: RegionChoice,
): AsyncGenerator<Finding, readonly string[]> {
  const { account } = check;
  const named = namedRegions(account);
  const isFound = account.discovery && account.regions.length === 0;
  if (isFound) yield ok(`regions found: ${taken.join(', ') || 'none'}`);
  for (const region of skipped) yield ok(`region skipped: ${describeSkipped(region)}`);
  if (account.endpoint !== undefined) return taken;
  const reachable: string[] = [];
  for (const region of taken) {
    // The first was reached before the regions were known.
    const findings =
      region === firstRegion(account) ? [] : await endpointFindings(check, endpointOf(region));
    const isSkipped = !named.has(region) && findings.some(({ isUnresolved }) => isUnresolved);
    if (isSkipped) yield ok(`region skipped: ${region}: ${unresolvedReason(region)}`);
    else {
      yield* findings;
      reachable.push(region);
    }
  }
  return reachable;
}

function endpointFindings(
  { config, env, clock, signal }: AccountCheck,
  endpoint: string,
): Promise<readonly Finding[]> {
  const { polling, proxy } = config;
  return checkEndpoint(endpoint, { clock, signal, timeout: polling.timeout, proxy, env });
}

/** @returns whether the endpoint can be reached */
async function* reaches(check: AccountCheck, endpoint: string): AsyncGenerator<Finding, boolean> {
  const findings = await endpointFindings(check, endpoint);
  yield* findings;
  return findings.every(({ verdict }) => verdict !== 'FAIL');
}

interface Discovered {
  readonly finding: Finding;
  readonly watched: readonly Watched[];
  readonly devices: readonly Instance[];
  readonly error?: ApiError;
}

async function discover(check: AccountCheck, regionId: string): Promise<Discovered> {
  const { account, client, signal } = check;
  const lists = new Lists(client);
  const named = account.instances
    .filter(({ region }) => region === regionId)
    .map(({ id, usersLimit }) => ({
      regionId,
      instanceId: id,
      ...(usersLimit !== undefined && { usersLimit }),
    }));
  const discovers =
    account.discovery && (account.regions.length === 0 || account.regions.includes(regionId));
  try {
    const seen = await discoveryPass(account, { lists, regionId, discovers }, signal);
    const details = new Map(
      [...seen.configured, ...(seen.found ?? [])].map((one) => [one.id, one]),
    );
    const ids = new Set([...named.map(({ instanceId }) => instanceId), ...details.keys()]);
    const watched = Array.from(ids, (instanceId): Watched => {
      const known = details.get(instanceId);
      const configured = named.find((one) => one.instanceId === instanceId);
      return { regionId, instanceId, ...configured, ...(known && { details: known }) };
    });
    const count = `${watched.length} instance${watched.length === 1 ? '' : 's'}`;
    return {
      finding: ok(`${discovers ? 'discovery' : 'look-up'} in ${regionId}: ${count}`),
      watched,
      devices: seen.devices,
    };
  } catch (caught) {
    const error = asApiError(caught);
    // Configured instances are polled without being looked up.
    const verdict = discovers && named.length === 0 ? 'FAIL' : 'WARN';
    const finding = {
      ...failed(`${discovers ? 'discovery' : 'look-up'} in ${regionId}`, error, { verdict }),
      advice:
        'Without it, instances must be named in accounts[].instances, and limits with users_limit.',
    };
    return { finding, watched: named, devices: [], error };
  }
}

function firstRegion({ regions, instances }: AccountConfig): string {
  return regions[0] ?? instances[0]?.region ?? HOME_REGION;
}

function sourceOf({ credentials }: AccountConfig): string {
  const key =
    credentials.kind === 'static'
      ? 'the access key of the configuration'
      : 'from the default credential chain';
  return credentials.roleArn === undefined ? key : `role_arn, assumed with ${key}`;
}

/** Other errors mean that the process is to end, or are defects. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
