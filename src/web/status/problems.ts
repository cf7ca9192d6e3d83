import { adviceOn } from '../../model/advice.ts';
import { DENIED_KINDS, lacksCredentials } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS, type Fallback, fallbackTexts } from '../../model/fallback.ts';
import { counted } from '../words.ts';
import { type Attention, instanceProblems } from './instance-problems.ts';
import type { Problem } from './schema.ts';
import type { StatusSources } from './sources.ts';

/** Maximum number of regions or instances that a problem names. `fallbackPlaces` in the JSON has all of them. */
const MOST_NAMES = 3;

const SEVERITIES: readonly Problem['severity'][] = ['error', 'warning', 'info'];

/** All problems, the worst first. At equal severity, instances come after accounts and the exporter. */
export function problemsOf(
  sources: StatusSources,
  reasonsNotReady: readonly string[],
  attention: Attention,
): readonly Problem[] {
  const problems = [
    ...pausedAccounts(sources),
    ...failedDiscoveries(sources),
    ...refusedConfiguration(sources),
    ...storageProblem(sources),
    ...droppedSeries(sources),
    ...fallbacks(sources),
    ...instanceProblems(attention),
    ...reasonsNotReady.flatMap((reason) => notReady(sources, reason)),
  ];
  return problems.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

function* pausedAccounts({ fleet }: StatusSources): Generator<Problem> {
  for (const { name, paused } of fleet.accounts) {
    if (!paused) continue;
    const hasNoCredentials = lacksCredentials(paused);
    const count = fleet.instancesOf(name).length;
    const scope = count > 0 ? ` and ${counted(count, 'instance')} cannot be read` : '';
    const text = hasNoCredentials
      ? `Account ${name} has no credentials${scope}: ${paused.message}`
      : `Account ${name} is paused${scope}, as the API does not accept its credentials: ${paused.message}`;
    yield { severity: 'error', text, advice: adviceOn(paused) };
  }
}

function* failedDiscoveries({ fleet }: StatusSources): Generator<Problem> {
  for (const { account, regionId, discovery } of fleet.regions) {
    const error = discovery.lastError;
    // A paused account has its own problem, and the cause of the error may have been fixed before the pause.
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
    text: `The changed configuration is invalid; the earlier configuration stays in force. ${refused.problems.join('; ')}`,
    advice:
      'Correct the file; the exporter reads it again when it changes. `sag-app-exporter check-config FILE` checks it.',
  };
}

function* storageProblem({ storageProblem }: StatusSources): Generator<Problem> {
  const reason = storageProblem();
  if (reason === undefined) return;
  yield {
    severity: 'error',
    text: `The state cannot be kept in the storage directory: ${reason}. A restart would forget what is newer than the last state that was kept.`,
    advice: 'The exporter tries it again by itself. The log names the directory.',
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

/** Fallbacks that cost many calls. Missing totals are harmless; only the account shows them. */
function* fallbacks({ fleet }: StatusSources): Generator<Problem> {
  for (const { name, fallbacks } of fleet.accounts) {
    for (const operation of BATCHED_OPERATIONS) {
      for (const reason of DENIED_KINDS) {
        const affected = fallbacks.filter(
          (fallback) => fallback.operation === operation && fallback.reason === reason,
        );
        const { severity, problem, effect, advice } = fallbackTexts({ operation, reason });
        if (affected.length === 0 || severity === 'info') continue;
        const text = `Account ${name}: ${problem} ${placesOf(affected)}: ${effect}.`;
        yield { severity, text, advice };
      }
    }
  }
}

/** Names the places of fallbacks, for example `in cn-shanghai` or `for sag-1, sag-2 and 5 more`. */
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

/** A note about a reason why the exporter is not ready, unless the problem of a paused account covers it. */
function notReady({ fleet }: StatusSources, reason: string): readonly Problem[] {
  for (const { name, paused } of fleet.accounts) {
    if (paused && reason.startsWith(`account ${name}: `)) return [];
  }
  return [{ severity: 'info', text: `Not ready yet: ${reason}` }];
}
