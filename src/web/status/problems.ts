import { adviceOn } from '../../model/advice.ts';
import { DENIED_KINDS, lacksCredentials } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS, type Fallback, fallbackTexts } from '../../model/fallback.ts';
import { counted } from '../words.ts';
import { type Attention, instanceProblems } from './instance-problems.ts';
import type { Problem } from './schema.ts';
import type { StatusSources } from './sources.ts';

/** Regions or instances that a problem names; `fallbackPlaces` in the JSON has all. */
const MOST_NAMES = 3;

const SEVERITIES: readonly Problem['severity'][] = ['error', 'warning', 'info'];

/** Everything that needs attention, the worst first; at equal severity, instances come after the exporter. */
export function problemsOf(
  sources: StatusSources,
  reasonsNotReady: readonly string[],
  attention: Attention,
): readonly Problem[] {
  const problems = [
    ...pausedAccounts(sources),
    ...failedDiscoveries(sources),
    ...refusedConfiguration(sources),
    ...droppedSeries(sources),
    ...fallbacks(sources),
    ...instanceProblems(attention),
    ...reasonsNotReady.flatMap((reason) => notReady(sources, reason)),
  ];
  return problems.toSorted(
    (one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity),
  );
}

function* pausedAccounts({ fleet }: StatusSources): Generator<Problem> {
  for (const { name, paused } of fleet.accounts) {
    if (!paused) continue;
    const hasNone = lacksCredentials(paused);
    const count = fleet.instancesOf(name).length;
    const whole = count > 0 ? ` and ${counted(count, 'instance')} cannot be read` : '';
    const text = hasNone
      ? `Account ${name} has no credentials${whole}: ${paused.message}`
      : `Account ${name} is paused${whole}, as the API does not accept its credentials: ${paused.message}`;
    yield { severity: 'error', text, advice: adviceOn(paused) };
  }
}

function* failedDiscoveries({ fleet }: StatusSources): Generator<Problem> {
  for (const { account, regionId, discovery } of fleet.regions) {
    const error = discovery.lastError;
    // A paused account has its own problem, and the cause of the error may have been mended before the pause.
    if (!error || fleet.account(account).paused) continue;
    const where = regionId === '' ? 'Looking for the regions' : `Discovery in ${regionId}`;
    const text = `${where} failed for account ${account}: ${error.message}`;
    yield { severity: 'error', text, advice: adviceOn(error) };
  }
}

function* refusedConfiguration({ configuration }: StatusSources): Generator<Problem> {
  const { refused } = configuration();
  if (!refused) return;
  yield {
    severity: 'error',
    text: `The configuration was changed and cannot be used; the one before stays in force. ${refused.problems.join('; ')}`,
    advice:
      'Mend it: it is read again when its file changes. `sag-app-exporter check-config FILE` tells whether it is right.',
  };
}

function* droppedSeries({ series, view }: StatusSources): Generator<Problem> {
  const { dropped = 0 } = series() ?? {};
  if (dropped === 0) return;
  yield {
    severity: 'warning',
    text: `${dropped} series are left out of /metrics: there are more than metrics.max_user_series allows.`,
    advice: `Raise metrics.max_user_series, or lower metrics.detail (now ${view().settings.detail}).`,
  };
}

/** Fallbacks that cost many calls. Missing totals are harmless and shown with the account alone. */
function* fallbacks({ fleet }: StatusSources): Generator<Problem> {
  for (const { name, fallbacks } of fleet.accounts) {
    for (const operation of BATCHED_OPERATIONS) {
      for (const reason of DENIED_KINDS) {
        const concerned = fallbacks.filter(
          (fallback) => fallback.operation === operation && fallback.reason === reason,
        );
        const { severity, problem, effect, advice } = fallbackTexts({ operation, reason });
        if (concerned.length === 0 || severity === 'info') continue;
        const text = `Account ${name}: ${problem} ${placesOf(concerned)}: ${effect}.`;
        yield { severity, text, advice };
      }
    }
  }
}

/** Such as `in cn-shanghai` or `for sag-1, sag-2 and 5 more`. */
function placesOf(fallbacks: readonly Fallback[]): string {
  const regions = fallbacks.filter(({ instanceId }) => instanceId === undefined);
  const instances = fallbacks.flatMap(({ instanceId }) => instanceId ?? []);
  return [
    ...(regions.length > 0 ? [`in ${someOf(regions.map(({ regionId }) => regionId))}`] : []),
    ...(instances.length > 0 ? [`for ${someOf(instances)}`] : []),
  ].join(' and ');
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** What is waited for; what the other problems say already is left out. */
function notReady({ fleet }: StatusSources, reason: string): readonly Problem[] {
  for (const { name, paused } of fleet.accounts) {
    if (paused && reason.startsWith(`account ${name}: `)) return [];
  }
  return [{ severity: 'info', text: `Not ready yet: ${reason}` }];
}
