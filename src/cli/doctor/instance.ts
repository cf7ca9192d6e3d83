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
import { fallbackTexts } from '../../model/fallback.ts';
import { enabledStages } from '../../model/stage.ts';
import { fallbackReason } from '../../poll/fallbacks.ts';
import { POLLED_STAGES } from '../../poll/stages/polled-stages.ts';
import { isMissingUser } from '../../poll/strategies/missing-user.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeSagOnlineClientStatistics } from '../../smartag/operations/describe-sag-online-client-statistics.ts';
import { describeSmartAccessGatewayClientUsers } from '../../smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeUserOnlineClientStatistics } from '../../smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../../smartag/operations/describe-user-online-clients.ts';
import { english } from '../../web/messages/index.ts';
import { type LevelText, seatsText, subscriptionText } from '../../web/status/level-texts.ts';
import type { PolledInstance } from '../one-shot/region-instances.ts';
import { type Finding, failed, ok } from './finding.ts';

interface InstanceCheck extends PolledInstance {
  readonly config: Config;
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether an instance of the account has shown that UserCount is the number of users; shared by all checks. */
  readonly userCount: UserCountProof;
}

/** A valid name that no user has, for calls about an instance without users. */
const UNUSED_NAME = 'sag-app-exporter-doctor';

/**
 * Tries each operation that the exporter would use on the instance with this configuration.
 *
 * @returns the check of the users limit, to be run after all instances of the account were checked;
 *   undefined when the limit was checked here
 */
export async function* checkInstance(
  check: InstanceCheck,
): AsyncGenerator<Finding, (() => Finding) | undefined> {
  const { client, config, signal, regionId, instanceId } = check;
  const instance = { regionId, instanceId };
  const { strategy, pageSize } = config.polling;
  const permitted: string[] = [];
  const findings: Finding[] = [];
  let inactive: ApiError | undefined;
  const attempt = async <Reply>(
    subject: string,
    call: () => Promise<Reply>,
    findingOf: (error: ApiError) => Finding = (error) =>
      failed(`${instanceId}: ${subject}`, error, { instanceId }),
  ): Promise<Reply | undefined> => {
    try {
      const reply = await call();
      permitted.push(subject);
      return reply;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.policy.suspendsInstance) inactive ??= error;
      // The API searched for a user of that name, so the call is permitted.
      if (isMissingUser(error)) permitted.push(subject);
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
    // Every other operation would fail in the same way.
    yield { verdict: 'WARN', text: `${instanceId}: ${explain(inactive)}` };
    return undefined;
  }
  const userName = page?.items.find((user) => user !== null)?.name ?? UNUSED_NAME;
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
  for (const stage of enabledStages(config.polling)) {
    const { trial } = POLLED_STAGES[stage];
    if (trial) await attempt(stage, () => trial(client, { ...instance, userName }, signal));
  }
  if (permitted.length > 0) yield ok(`${instanceId}: permitted: ${permitted.join(', ')}`);
  yield* findings;
  // TotalCount may be the number of users on the page.
  const users = page && Math.max(page.totalCount ?? 0, page.items.length);
  const evidence = new UserCountEvidence(check.userCount);
  evidence.compare(check.details?.usersLimit, users);
  // UserCount equals the number of users. It is the limit, unless another instance proves it to be a count.
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
      advice: 'Set accounts[].instances[].users_limit to watch the limit.',
    };
  }
  return levelFinding(instanceId, seatsText(english, seatsOf(users, limit)));
}

function* checkSubscription({ instanceId, details, clock }: InstanceCheck): Generator<Finding> {
  if (details?.expiresAt === undefined) return;
  const subscription = subscriptionOf(details.expiresAt, clock.now() / SECOND);
  yield levelFinding(instanceId, subscriptionText(english, subscription));
}

function levelFinding(instanceId: string, { text, advice }: LevelText): Finding {
  const line = `${instanceId}: ${text}`;
  return advice === undefined ? ok(line) : { verdict: 'WARN', text: line, advice };
}

/** The finding when totals are missing. That is harmless, since every strategy works without them. */
function totalsMissing(instanceId: string, error: ApiError): Finding {
  const operation = 'DescribeSagOnlineClientStatistics';
  const subject = `${instanceId}: total`;
  const reason = fallbackReason(error);
  if (!reason) return failed(subject, error, { verdict: 'WARN', instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    ...ok(`${subject}: ${problem}`),
    advice: `Harmless: ${effect}. ${advice}`,
    ...(reason === 'forbidden' && { missing: { operation } }),
  };
}

/** The finding when counts are missing: `auto` then falls back to fan-out, and `batched` fails. */
function countsMissing(instanceId: string, error: ApiError, strategy: 'auto' | 'batched'): Finding {
  const operation = 'DescribeUserOnlineClientStatistics';
  const subject = `${instanceId}: counts`;
  const isAuto = strategy === 'auto';
  const verdict = isAuto ? 'WARN' : 'FAIL';
  const reason = fallbackReason(error);
  if (!reason) return failed(subject, error, { verdict, instanceId });
  const { problem, effect, advice } = fallbackTexts({ operation, reason });
  return {
    verdict,
    text: `${subject}: ${problem}`,
    advice: isAuto
      ? `Without it ${effect}. ${advice}`
      : `${reason === 'forbidden' ? 'Permit it, or set' : 'Set'} polling.strategy to auto.`,
    ...(reason === 'forbidden' && { missing: { operation, instanceId } }),
  };
}
