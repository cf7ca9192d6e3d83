import { adviceOn } from '../../model/advice.ts';
import { counted } from '../words.ts';
import {
  BY_FULLNESS,
  BY_IDENTITY,
  FINDING_NAMES,
  FINDINGS,
  type InstanceHealth,
} from './instance-health.ts';
import { type LevelText, seatsText, subscriptionText } from './level-texts.ts';
import type { InstanceFinding, Problem } from './schema.ts';
import { byKey, type Compare, sorted } from './sorting.ts';
import { longest } from './unused.ts';

/** Maximum number of instances that the problems of the fleet name one by one. The others are only counted. */
const INSTANCES_NAMED = 5;

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
export function* instanceProblems({ named, more }: Attention): Generator<Problem> {
  for (const health of named) {
    const { id, info } = health.visible;
    const findings = independentFindings(health);
    const [worst] = findings;
    if (worst === undefined) continue;
    const name = info?.name ? `${info.name} (${id.instanceId})` : id.instanceId;
    const texts = textsOf(health);
    yield {
      severity: FINDINGS[worst] === 'warning' ? 'warning' : 'error',
      text: `${name}: ${findings.flatMap((finding) => texts[finding]?.text ?? []).join('; ')}.`,
      advice: texts[worst]?.advice,
      instance: {
        account: id.account,
        regionId: id.regionId,
        instanceId: id.instanceId,
      },
    };
  }
  if (more > 0) {
    yield {
      severity: 'warning',
      text: `${counted(more, 'more instance needs', 'more instances need')} attention.`,
    };
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
function textsOf({
  errors,
  staleStages,
  seats,
  subscription,
  unused,
}: InstanceHealth): Readonly<Partial<Record<InstanceFinding | 'ok', LevelText>>> {
  const [error] = errors;
  return {
    ...(error && {
      unreadable: {
        text: `cannot be read: ${errors.map(({ message }) => withoutFullStop(message)).join('; ')}`,
        advice: adviceOn(error),
      },
    }),
    ...(staleStages.length > 0 && {
      stale: { text: `these stages have stale data: ${staleStages.join(', ')}` },
    }),
    ...(seats && { [seats.level]: seatsText(seats, longest(unused)) }),
    ...(subscription && { [subscription.level]: subscriptionText(subscription) }),
  };
}

const withoutFullStop = (message: string): string => message.replace(/\.$/, '');
