import type { NotReady } from '../../fleet/not-ready.ts';
import { DENIED_KINDS, lacksCredentials } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS, type Fallback, fallbackTexts } from '../../model/fallback.ts';
import type { Messages } from '../messages/index.ts';
import { type Attention, instanceProblems } from './instance-problems.ts';
import { type FoundProblem, runbookAddress } from './runbooks.ts';
import type { Problem } from './schema.ts';
import type { StatusSources } from './sources.ts';

/** Maximum number of regions or instances that a problem names. `fallbackPlaces` in the JSON has all of them. */
const MOST_NAMES = 3;

const SEVERITIES: readonly Problem['severity'][] = ['error', 'warning', 'info'];

/** All problems, the worst first. At equal severity, instances come after accounts and the exporter. */
export function problemsOf(
  sources: StatusSources,
  reasonsNotReady: readonly NotReady[],
  attention: Attention,
  messages: Messages,
): readonly Problem[] {
  const problems = [
    ...pausedAccounts(sources, messages),
    ...failedDiscoveries(sources, messages),
    ...refusedConfiguration(sources, messages),
    ...storageProblem(sources, messages),
    ...droppedSeries(sources, messages),
    ...fallbacks(sources, messages),
    ...instanceProblems(attention, messages),
    ...reasonsNotReady.flatMap((reason) => notReady(sources, reason, messages)),
  ];
  return problems
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .map(({ runbook, ...problem }) => ({
      ...problem,
      ...(runbook && { runbook: runbookAddress(sources.build, messages, runbook) }),
    }));
}

function* pausedAccounts(
  { fleet }: StatusSources,
  { problems, errors }: Messages,
): Generator<FoundProblem> {
  for (const { name, paused } of fleet.accounts) {
    if (!paused) continue;
    const count = fleet.instancesOf(name).length;
    const scope = count > 0 ? problems.unreadInstances(count) : '';
    const text = lacksCredentials(paused)
      ? problems.noCredentials(name, scope, paused.message)
      : problems.paused(name, scope, paused.message);
    const advice = errors.advice(paused);
    yield { severity: 'error', text, advice, runbook: 'authentication-failing' };
  }
}

function* failedDiscoveries(
  { fleet }: StatusSources,
  { problems, errors }: Messages,
): Generator<FoundProblem> {
  for (const { account, regionId, discovery } of fleet.regions) {
    const error = discovery.lastError;
    // A paused account has its own problem, and the cause of the error may have been fixed before the pause.
    if (!error || fleet.account(account).paused) continue;
    const text =
      regionId === ''
        ? problems.regionsFailed(account, error.message)
        : problems.discoveryFailed(regionId, account, error.message);
    yield { severity: 'error', text, advice: errors.advice(error), runbook: 'discovery-stale' };
  }
}

function* refusedConfiguration(
  { configuration }: StatusSources,
  { problems, formats }: Messages,
): Generator<FoundProblem> {
  const { refused } = configuration();
  if (!refused) return;
  yield {
    severity: 'error',
    text: problems.configurationRefused(formats.clauses(refused.problems)),
    advice: problems.configurationAdvice,
    runbook: 'reload-failed',
  };
}

function* storageProblem(
  { storageProblem }: StatusSources,
  { problems }: Messages,
): Generator<FoundProblem> {
  const reason = storageProblem();
  if (reason === undefined) return;
  yield {
    severity: 'error',
    text: problems.storageFailed(reason),
    advice: problems.storageAdvice,
    runbook: 'storage-failing',
  };
}

function* droppedSeries(
  { series, view }: StatusSources,
  { problems }: Messages,
): Generator<FoundProblem> {
  const { dropped = 0 } = series() ?? {};
  if (dropped === 0) return;
  yield {
    severity: 'warning',
    text: problems.seriesDropped(String(dropped)),
    advice: problems.seriesAdvice(view().settings.detail),
    runbook: 'series-dropped',
  };
}

/** Fallbacks that cost many calls. Missing totals are harmless; only the account shows them. */
function* fallbacks({ fleet }: StatusSources, messages: Messages): Generator<FoundProblem> {
  for (const { name, fallbacks } of fleet.accounts) {
    for (const operation of BATCHED_OPERATIONS) {
      for (const reason of DENIED_KINDS) {
        const affected = fallbacks.filter(
          (fallback) => fallback.operation === operation && fallback.reason === reason,
        );
        const { severity } = fallbackTexts({ operation, reason });
        if (affected.length === 0 || severity === 'info') continue;
        const { problem, effect, advice } = messages.errors.fallback({ operation, reason });
        const places = placesOf(affected, messages);
        const text = messages.problems.fallback(name, problem, places, effect);
        yield { severity, text, advice, runbook: 'permission-lost' };
      }
    }
  }
}

/** Names the places of fallbacks, for example `in cn-shanghai` or `for sag-1, sag-2 and 5 more`. */
function placesOf(fallbacks: readonly Fallback[], messages: Messages): string {
  const { inRegions, forInstances, bothPlaces } = messages.problems;
  const regions = fallbacks.filter(({ instanceId }) => instanceId === undefined);
  const instances = fallbacks.flatMap(({ instanceId }) => instanceId ?? []);
  const forSome = forInstances(someOf(instances, messages));
  if (regions.length === 0) return forSome;
  const inSome = inRegions(
    someOf(
      regions.map(({ regionId }) => regionId),
      messages,
    ),
  );
  return instances.length > 0 ? bothPlaces(inSome, forSome) : inSome;
}

function someOf(names: readonly string[], { problems, formats }: Messages): string {
  const shown = formats.list(names.slice(0, MOST_NAMES));
  const more = names.length - MOST_NAMES;
  return more > 0 ? problems.andMore(shown, String(more)) : shown;
}

/** A note about a reason why the exporter is not ready, unless the problem of a paused account covers it. */
function notReady(
  { fleet }: StatusSources,
  reason: NotReady,
  { problems, errors }: Messages,
): readonly FoundProblem[] {
  if ('account' in reason && fleet.account(reason.account).paused) return [];
  return [{ severity: 'info', text: problems.notReady(errors.notReady(reason)) }];
}
