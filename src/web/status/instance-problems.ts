import type { Messages } from '../messages/index.ts';
import {
  BY_FULLNESS,
  BY_IDENTITY,
  FINDING_NAMES,
  FINDINGS,
  type InstanceHealth,
} from './instance-health.ts';
import { type LevelText, seatsText, subscriptionText } from './level-texts.ts';
import type { FoundProblem, Runbook } from './runbooks.ts';
import type { InstanceFinding } from './schema.ts';
import { byKey, type Compare, sorted } from './sorting.ts';
import { longest } from './unused.ts';

/** Maximum number of instances that the problems of the fleet name one by one. The others are only counted. */
const INSTANCES_NAMED = 5;

const RUNBOOKS: Readonly<Record<InstanceFinding, Runbook>> = {
  unreadable: 'instance-down',
  ended: 'subscription-expiring',
  'over-limit': 'users-near-limit',
  full: 'users-near-limit',
  'nearly-full': 'users-near-limit',
  'nearly-ended': 'subscription-expiring',
  stale: 'data-stale',
  'filling-up': 'users-near-limit',
  ending: 'subscription-expiring',
};

export interface Attention {
  readonly named: readonly InstanceHealth[];
  /** The number of other instances that need attention. */
  readonly more: number;
}

export function* attentionOf(healths: readonly InstanceHealth[]): Generator<undefined, Attention> {
  const withFindings = healths.filter((health) => independentFindings(health).length > 0);
  const worst = yield* sorted(withFindings, worseFirst);
  return {
    named: worst.slice(0, INSTANCES_NAMED),
    more: Math.max(0, worst.length - INSTANCES_NAMED),
  };
}

/** One problem for each named instance, and one for all others together. */
export function* instanceProblems(
  { named, more }: Attention,
  messages: Messages,
): Generator<FoundProblem> {
  const { problems, formats } = messages;
  for (const health of named) {
    const { id, info } = health.visible;
    const findings = independentFindings(health);
    const [worst] = findings;
    if (worst === undefined) continue;
    const name = info?.name ? problems.nameAndId(info.name, id.instanceId) : id.instanceId;
    const texts = textsOf(health, messages);
    const clauses = findings.flatMap((finding) => texts[finding]?.text ?? []);
    yield {
      severity: FINDINGS[worst] === 'warning' ? 'warning' : 'error',
      text: problems.instance(name, formats.clauses(clauses)),
      advice: texts[worst]?.advice,
      runbook: RUNBOOKS[worst],
      instance: {
        account: id.account,
        regionId: id.regionId,
        instanceId: id.instanceId,
      },
    };
  }
  if (more > 0) {
    yield { severity: 'warning', text: problems.moreInstances(more) };
  }
}

/** Leaves out the findings that a paused account causes, because the problem of the account covers them. */
function independentFindings({ findings, isPaused }: InstanceHealth): readonly InstanceFinding[] {
  return isPaused
    ? findings.filter((finding) => finding !== 'unreadable' && finding !== 'stale')
    : findings;
}

const rankOf = (health: InstanceHealth): number => {
  const [worst] = independentFindings(health);
  return worst === undefined ? FINDING_NAMES.length : FINDING_NAMES.indexOf(worst);
};

const BY_RANK = byKey(rankOf, 'asc');

const worseFirst: Compare<InstanceHealth> = (a, b) =>
  BY_RANK(a, b) || BY_FULLNESS(a, b) || BY_IDENTITY(a, b);

/** Each finding as a clause that follows the name of the instance. */
function textsOf(
  { errors, staleStages, seats, subscription, unused }: InstanceHealth,
  messages: Messages,
): Readonly<Partial<Record<InstanceFinding | 'ok', LevelText>>> {
  const { problems, formats, parts } = messages;
  const [error] = errors;
  return {
    ...(error && {
      unreadable: {
        text: problems.unreadable(
          formats.clauses(errors.map(({ message }) => withoutFullStop(message))),
        ),
        advice: messages.errors.advice(error),
      },
    }),
    ...(staleStages.length > 0 && {
      stale: {
        text: problems.stale(formats.list(staleStages.map((stage) => parts.stages[stage]))),
      },
    }),
    ...(seats && { [seats.level]: seatsText(messages, seats, longest(unused)) }),
    ...(subscription && { [subscription.level]: subscriptionText(messages, subscription) }),
  };
}

const withoutFullStop = (message: string): string => message.replace(/\.$/, '');
