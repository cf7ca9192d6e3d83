import type { Clock } from '../../clock.ts';
import type { AccountConfig, Config } from '../../config/config.ts';
import { nearest } from '../../input/nearest.ts';
import { ApiError } from '../../model/api-error.ts';
import { owns } from '../../poll/shard-owner.ts';
import { KNOWN_REGIONS } from '../../smartag/known-regions.ts';
import { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import {
  describeSkipped,
  type RegionChoice,
  unresolvedReason,
} from '../../smartag/region-marks.ts';
import { endpointOf, HOME_REGION } from '../../smartag/transport/endpoints.ts';
import type { ProxyOptions } from '../../smartag/transport/proxy.ts';
import {
  type PolledInstance,
  type RegionInstances,
  regionInstances,
} from '../one-shot/region-instances.ts';
import { discoversIn, namedRegions, regionsOf } from '../one-shot/regions-of.ts';
import { counted } from '../terminal/counted.ts';
import { checkEndpoint } from './endpoint.ts';
import { type Finding, failed, ok } from './finding.ts';
import { checkInstance } from './instance.ts';

export interface AccountCheck {
  readonly account: AccountConfig;
  readonly config: Config;
  readonly client: Client;
  readonly env: ProxyOptions['env'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Checks everything that polling an account needs. Yields each finding as soon as it is known. */
export async function* checkAccount(check: AccountCheck): AsyncGenerator<Finding> {
  const { account, config, client, signal } = check;
  const { shard } = config;
  yield* checkRegions(account);
  if (!(yield* isReachable(check, account.endpoint ?? endpointOf(firstRegion(account))))) return;

  let choice: RegionChoice;
  try {
    choice = await regionsOf(account, client, signal);
  } catch (caught) {
    const error = asApiError(caught);
    yield error.policy.trouble === 'account'
      ? failed('credentials', error)
      : {
          ...failed('finding the regions', error),
          advice: 'Permit it, or name the regions in accounts[].regions.',
        };
    return;
  }
  const regions = yield* reachableRegions(check, choice);

  let accepted = false;
  const polled: PolledInstance[] = [];
  for (const regionId of regions) {
    const result = await discover(check, regionId);
    if (result.error?.policy.trouble === 'account') {
      yield failed('credentials', result.error);
      return;
    }
    if (!accepted) yield ok(`credentials: accepted (${sourceOf(account)})`);
    accepted = true;
    yield result.finding;
    for (const { id, device } of result.devices) {
      yield {
        verdict: 'WARN',
        text: `${id} in ${regionId} is left out: a device (HardwareVersion ${device}), not SAG APP`,
      };
    }
    polled.push(...result.polled);
  }
  const own = polled.filter((instance) => owns(shard, { account: account.name, ...instance }));
  if (shard.total > 1) {
    const { index, total } = shard;
    const count = `${own.length} of ${counted(polled.length, 'instance')}`;
    yield ok(`shard ${index} of ${total}: ${count}, which are checked`);
  }
  if (polled.length === 0) {
    yield {
      verdict: 'FAIL',
      text: `no instance to poll in ${regions.join(', ') || 'any region'}`,
      advice:
        'Check accounts[].regions, include and exclude, or name instances in accounts[].instances.',
    };
  }
  const userCount = { isUsers: false };
  const limits: (() => Finding)[] = [];
  for (const instance of own) {
    const limit = yield* checkInstance({ ...check, ...instance, userCount });
    if (limit) limits.push(limit);
  }
  for (const limit of limits) yield limit();
}

/**
 * Yields findings about the regions that are used and those that are skipped.
 *
 * @returns the regions in which to look for instances
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
    // The endpoint of the first region was checked before the regions were known.
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
async function* isReachable(
  check: AccountCheck,
  endpoint: string,
): AsyncGenerator<Finding, boolean> {
  const findings = await endpointFindings(check, endpoint);
  yield* findings;
  return findings.every(({ verdict }) => verdict !== 'FAIL');
}

interface Discovered extends RegionInstances {
  readonly finding: Finding;
}

async function discover(check: AccountCheck, regionId: string): Promise<Discovered> {
  const { account, client, signal } = check;
  const options = { lists: new Lists(client), regionId };
  const { polled, devices, error } = await regionInstances(account, options, signal);
  const discovers = discoversIn(account, regionId);
  const step = `${discovers ? 'discovery' : 'look-up'} in ${regionId}`;
  if (!error) {
    return { finding: ok(`${step}: ${counted(polled.length, 'instance')}`), polled, devices };
  }
  // The exporter polls configured instances also when the look-up fails.
  const verdict = discovers && polled.length === 0 ? 'FAIL' : 'WARN';
  const finding = {
    ...failed(step, error, { verdict }),
    advice:
      'Without it, name the instances in accounts[].instances, and set users_limit there to watch their limits.',
  };
  return { finding, polled, devices, error };
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

/** Throws any other error: the process is asked to end, or the error is a defect. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}

/** Findings about unknown regions. This is the only place where a misspelt region is noticed. */
function* checkRegions({ regions, instances }: AccountConfig): Generator<Finding> {
  for (const region of new Set([...regions, ...instances.map((instance) => instance.region)])) {
    if (KNOWN_REGIONS.includes(region)) continue;
    const near = nearest(region, KNOWN_REGIONS);
    const advice = near ? `Did you mean ${near}?` : `Known regions: ${KNOWN_REGIONS.join(', ')}.`;
    yield {
      verdict: 'WARN',
      text: `region ${region} is unknown`,
      advice: `${advice} If it is a new region, ignore this warning.`,
    };
  }
}
