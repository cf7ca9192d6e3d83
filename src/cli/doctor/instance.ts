import { type Clock, SECOND } from '../../clock.ts';
import type { Config } from '../../config/config.ts';
import { seatsOf, subscriptionOf } from '../../fleet/levels.ts';
import {
  USER_COUNT_DOUBT,
  UserCountEvidence,
  type UserCountProof,
} from '../../fleet/user-count.ts';
import { explain } from '../../model/advice.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Instance } from '../../model/instance.ts';
import { isMissingUser } from '../../poll/strategies/missing-user.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeSagOnlineClientStatistics } from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeUserFlowStatistics } from '../../smartag/operations/describe-user-flow-statistics.ts';
import { describeUserOnlineClientStatistics } from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { type LevelText, seatsText, subscriptionText } from '../../web/status/level-texts.ts';
import { countsMissing, totalsMissing } from './batched.ts';
import { type Finding, failed, ok } from './finding.ts';

/** What the check of an instance needs. */
export interface InstanceCheck {
  readonly config: Config;
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly regionId: string;
  readonly instanceId: string;
  readonly details?: Instance;
  /** By the configuration. */
  readonly usersLimit?: number;
  /** What the instances of the account show of UserCount. */
  readonly userCount: UserCountProof;
}

/** A valid name that no user has, to ask about where the instance has no users. */
const NOBODY = 'sag-app-exporter-doctor';

/**
 * Tries each operation that the configuration has the exporter use on the instance.
 *
 * @returns how to check the limit when all instances of the account were checked; undefined when it was
 *   checked already
 */
export async function* checkInstance(
  check: InstanceCheck,
): AsyncGenerator<Finding, (() => Finding) | undefined> {
  const { client, config, signal, regionId, instanceId } = check;
  const instance = { regionId, instanceId };
  const { strategy, traffic, pageSize } = config.polling;
  const permitted: string[] = [];
  const findings: Finding[] = [];
  let inactive: ApiError | undefined;
  const attempt = async <Reply>(
    what: string,
    call: () => Promise<Reply>,
    findingOf: (error: ApiError) => Finding = (error) =>
      failed(`${instanceId}: ${what}`, error, { instanceId }),
  ): Promise<Reply | undefined> => {
    try {
      const reply = await call();
      permitted.push(what);
      return reply;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'inactive') inactive ??= error;
      // The API looked for a user of that name, so the call is permitted.
      if (isMissingUser(error)) permitted.push(what);
      else findings.push(findingOf(error));
      return undefined;
    }
  };

  const page = await attempt('list of users', () =>
    client.call(
      describeSmartAccessGatewayClientUsers,
      { ...instance, pageNumber: 1, pageSize },
      signal,
    ),
  );
  if (inactive) {
    // Every other operation would answer the same.
    yield { verdict: 'WARN', text: `${instanceId}: ${explain(inactive)}` };
    return undefined;
  }
  const userName = page?.items.find((user) => user !== null)?.name ?? NOBODY;
  await attempt('sessions', () =>
    client.call(describeUserOnlineClients, { ...instance, userName }, signal),
  );
  if (strategy !== 'fan-out') {
    const total = { regionId, instanceIds: [instanceId] };
    await attempt(
      'total',
      () => client.call(describeSagOnlineClientStatistics, total, signal),
      (error) => totalsMissing(instanceId, error),
    );
    const counts = { ...instance, userNames: [userName] };
    await attempt(
      'counts',
      () => client.call(describeUserOnlineClientStatistics, counts, signal),
      (error) => countsMissing(instanceId, error, strategy),
    );
  }
  if (traffic.enabled) {
    const request = { ...instance, userNames: [userName] };
    await attempt('traffic', () => client.call(describeUserFlowStatistics, request, signal));
  }
  if (permitted.length > 0) yield ok(`${instanceId}: permitted: ${permitted.join(', ')}`);
  yield* findings;
  // Of a page that does not hold them all, the total may be the page's own.
  const users = page && Math.max(page.totalCount ?? 0, page.items.length);
  const evidence = new UserCountEvidence(check.userCount);
  evidence.compare(check.details?.usersLimit, users);
  // Another instance may yet show that UserCount is the number of users.
  const isUnsettled =
    check.usersLimit === undefined &&
    users !== undefined &&
    check.details?.usersLimit === users &&
    !evidence.isUsers;
  if (users !== undefined && !isUnsettled) yield checkLimit(check, users, evidence);
  for (const doubt of check.details?.doubts ?? []) yield ok(`${instanceId}: ${doubt}`);
  yield* checkSubscription(check);
  return isUnsettled ? () => checkLimit(check, users, evidence) : undefined;
}

function checkLimit(
  { instanceId, details, usersLimit }: InstanceCheck,
  users: number,
  { isUsers }: UserCountEvidence,
): Finding {
  if (usersLimit === undefined && isUsers) {
    return { verdict: 'WARN', text: `${instanceId}: ${users} users. ${USER_COUNT_DOUBT}` };
  }
  const limit = usersLimit ?? details?.usersLimit;
  if (limit === undefined) {
    return {
      verdict: 'WARN',
      text: `${instanceId}: ${users} users, limit unknown`,
      advice: 'Set accounts[].instances[].users_limit to have it watched.',
    };
  }
  return levelFinding(instanceId, seatsText(seatsOf(users, limit)));
}

function* checkSubscription({ instanceId, details, clock }: InstanceCheck): Generator<Finding> {
  if (details?.expiresAt === undefined) return;
  const subscription = subscriptionOf(details.expiresAt, clock.now() / SECOND);
  yield levelFinding(instanceId, subscriptionText(subscription));
}

/** Advice means that something should be done. */
function levelFinding(instanceId: string, { text, advice }: LevelText): Finding {
  const told = `${instanceId}: ${text}`;
  return advice === undefined ? ok(told) : { verdict: 'WARN', text: told, advice };
}
