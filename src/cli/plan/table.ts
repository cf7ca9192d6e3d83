import { SECOND } from '../../clock.ts';
import { formatDuration } from '../../input/duration.ts';
import type { InstanceLook } from '../../poll/forecast/fleet-look.ts';
import type { StageForecast, StrategyForecast } from '../../poll/forecast/forecast.ts';
import { ASSUMED_ONLINE_SHARE } from '../../poll/forecast/online-calls.ts';
import { counted } from '../terminal/counted.ts';
import { type Column, table } from '../terminal/table.ts';
import { type AccountPlan, forecastOf, type Overrun, type Plan } from './account-plan.ts';
import { missingOf } from './missing.ts';

type OperationForecast = StageForecast['operations'][number];

const COLUMNS: readonly Column[] = [
  { title: 'stage' },
  { title: 'operation' },
  ...['first', 'a cycle', 'an hour', 'a day', 'every', 'takes'].map((title) => ({
    title,
    figures: true,
  })),
];

export function describePlan(plan: Plan): string {
  return plan.accounts.map((account) => describeAccount(account, plan)).join('\n');
}

function describeAccount(account: AccountPlan, { polling }: Plan): string {
  const { look, configured, inForce, forecasts } = account;
  const instances = look.instances.length;
  const lines = [
    `Account ${account.account}: ${countedFigure(instances, 'instance')}, ${countedFigure(usersOf(account), 'user')}, ${onlineOf(account)} (found with ${countedFigure(look.calls, 'call')})`,
    `Budget: ${polling.requestsPerSecond} calls/s for each operation${dividedAmong(account)}${polling.adaptive ? ', less where the API allows less' : ''}`,
    `Strategy in force: ${inForce}${configured === 'auto' ? ` (${whyInForce(account)})` : ''}`,
    ...forecasts.flatMap((forecast) => ['', ...describeStrategy(forecast, inForce)]),
    ...describeShards(account),
  ];
  const remarks = [...warningsOf(account), ...notesOf(account).map((note) => `Note: ${note}`)];
  if (remarks.length > 0) lines.push('', ...remarks);
  return `${lines.join('\n')}\n`;
}

function describeStrategy(
  { strategy, stages, callsPerHour, callsPerDay, first }: StrategyForecast,
  inForce: string,
): readonly string[] {
  const rows = stages.flatMap((stage) =>
    stage.operations.map((operation) => rowOf(stage, operation)),
  );
  const total = [
    'all',
    '',
    figure(first.calls),
    '',
    figure(callsPerHour),
    figure(callsPerDay),
    '',
    '',
  ];
  return [
    `${strategy}${strategy === inForce ? ', in force' : ''}: the first snapshot is complete after ${countedFigure(first.calls, 'call')}, ${time(first.duration)} at the budget`,
    ...table(COLUMNS, [...rows, total]),
  ];
}

function rowOf(
  stage: StageForecast,
  { operation, firstCalls, calls, callsPerHour, callsPerDay, duration }: OperationForecast,
): readonly string[] {
  return [
    stage.stage,
    operation,
    figure(firstCalls),
    // `<1` means that only some cycles make the call.
    calls > 0 && calls < 1 ? '<1' : figure(calls),
    figure(callsPerHour),
    figure(callsPerDay),
    time(stage.period),
    time(duration),
  ];
}

const SHARD_COLUMNS: readonly Column[] = [
  { title: 'shard' },
  ...['instances', 'users', 'calls/s', 'first', 'complete after', 'an hour', 'a day'].map(
    (title) => ({ title, figures: true }),
  ),
];

/** The forecast of each shard with the strategy in force; empty without sharding. */
function describeShards({ inForce, shards }: AccountPlan): readonly string[] {
  if (shards.length === 1) return [];
  const rows = shards.map(({ shard, instances, users, requestsPerSecond, forecasts }) => {
    const forecast = forecastOf(forecasts, inForce);
    return [
      String(shard.index),
      figure(instances),
      figure(users),
      pace(requestsPerSecond),
      figure(forecast?.first.calls ?? 0),
      time(forecast?.first.duration ?? 0),
      figure(forecast?.callsPerHour ?? 0),
      figure(forecast?.callsPerDay ?? 0),
    ];
  });
  return ['', `The shards, ${inForce}:`, ...table(SHARD_COLUMNS, rows)];
}

function dividedAmong({ shards }: AccountPlan): string {
  if (shards.length === 1) return '';
  return `, divided among ${shards.length} shards (calls of all together, times of the slowest)`;
}

function whyInForce({ inForce, look }: AccountPlan): string {
  const missing = missingOf(look.instances).filter(
    ({ operation }) => operation === 'DescribeUserOnlineClientStatistics',
  );
  if (missing.length === 0) return 'auto: users can be counted in batches';
  const why = missing.map(({ problem, where }) => `${problem}${where}`).join(', ');
  return inForce === 'auto' ? why : `auto: ${why}`;
}

function warningsOf(account: AccountPlan): readonly string[] {
  const { configured, look, overruns } = account;
  const warnings = overruns.map((overrun) => `Warning: ${warningOf(overrun, account)}`);
  if (configured !== 'batched') return warnings;
  for (const { problem, where, severity, reason } of missingOf(look.instances)) {
    if (severity === 'info') continue;
    const permit = reason === 'forbidden' ? 'permit it, or ' : '';
    warnings.push(
      `Warning: ${problem}${where}, and online passes fail there: ${permit}set polling.strategy to auto.`,
    );
  }
  return warnings;
}

function notesOf({ configured, look }: AccountPlan): readonly string[] {
  if (configured === 'fan-out') return look.doubts;
  const missing = missingOf(look.instances)
    .filter(({ severity }) => configured === 'auto' || severity === 'info')
    .map(({ problem, where, effect, advice }) => `${problem}${where}: ${effect}. ${advice}`);
  return [...look.doubts, ...missing];
}

function warningOf(
  { stage, shard, requestsPerSecond }: Overrun,
  { inForce, forecasts }: AccountPlan,
) {
  const setting = `polling.${stage.setting}`;
  const ways = [
    `raise ${setting} to ${time(stage.duration)}`,
    `or polling.requests_per_second to ${rate(requestsPerSecond)} if the account's quota allows that`,
  ];
  const batched = forecastOf(forecasts, 'batched');
  const other = batched?.stages.find((candidate) => candidate.stage === stage.stage);
  if (inForce !== 'batched' && other && other.duration < stage.duration) {
    ways.push(`or use the batched strategy, with which it takes ${time(other.duration)}`);
  }
  const where = shard.total === 1 ? '' : ` on shard ${shard.index}`;
  return `a cycle of the ${stage.stage} stage takes ${time(stage.duration)}${where}, longer than ${setting} (${formatDuration(stage.interval)}), so passes will run back to back: ${ways.join(', ')}.`;
}

/** The plan as JSON: times in seconds. */
export function planAsJson({ polling, accounts }: Plan) {
  return {
    requestsPerSecond: polling.requestsPerSecond,
    accounts: accounts.map((account) => ({
      account: account.account,
      strategy: { configured: account.configured, inForce: account.inForce },
      instances: account.look.instances.map(({ pageSize: _, ...instance }) => ({
        ...instance,
        totalsPermitted: instance.totals === 'answering',
        countsPermitted: instance.counts === 'answering',
      })),
      callsOfThisLook: account.look.calls,
      forecasts: account.forecasts.map(({ strategy, stages, first, ...perTime }) => ({
        strategy,
        first: { calls: first.calls, seconds: first.duration / SECOND },
        ...perTime,
        stages: stages.map(({ stage, setting, interval, period, duration, operations }) => ({
          stage,
          setting: `polling.${setting}`,
          intervalSeconds: interval / SECOND,
          periodSeconds: period / SECOND,
          cycleSeconds: duration / SECOND,
          operations: operations.map(({ duration: cycle, ...operation }) => ({
            ...operation,
            cycleSeconds: cycle / SECOND,
          })),
        })),
      })),
      shards: account.shards.map(({ shard, forecasts, ...part }) => ({
        index: shard.index,
        total: shard.total,
        ...part,
        forecasts: forecasts.map(({ strategy, first, callsPerHour, callsPerDay }) => ({
          strategy,
          first: { calls: first.calls, seconds: first.duration / SECOND },
          callsPerHour,
          callsPerDay,
        })),
      })),
      warnings: warningsOf(account).map((line) => line.replace('Warning: ', '')),
      notes: notesOf(account),
    })),
  };
}

function usersOf({ look }: AccountPlan): number {
  return sumOf(look.instances, ({ users }) => users);
}

/**
 * Describes who is online, such as `12 online clients, about 30 users online`. Instances with a total show
 * the number of clients, other instances the number of users.
 */
function onlineOf({ look }: AccountPlan): string {
  const withUsers = look.instances.filter(({ users }) => users > 0);
  const byTotal = withUsers.filter(({ clients, onlineUsers }) =>
    isTotalTrusted(clients, onlineUsers),
  );
  const others = withUsers.filter((instance) => !byTotal.includes(instance));
  const counts = others.filter(({ onlineUsers }) => onlineUsers !== undefined);
  const parts = [
    ...(byTotal.length > 0 || withUsers.length === 0
      ? [
          countedFigure(
            sumOf(byTotal, ({ clients }) => clients),
            'online client',
          ),
        ]
      : []),
    ...(counts.length > 0
      ? [
          `about ${countedFigure(
            sumOf(counts, ({ onlineUsers }) => onlineUsers),
            'user',
          )} online`,
        ]
      : []),
  ];
  const unknown = others.length - counts.length;
  if (unknown > 0) {
    const where = unknown < withUsers.length ? ` on ${countedFigure(unknown, 'instance')}` : '';
    parts.push(`${ASSUMED_ONLINE_SHARE * 100} % of users assumed online${where}`);
  }
  return parts.join(', ');
}

/** A total of 0 is wrong if users were found online. */
function isTotalTrusted(clients: number | undefined, onlineUsers = 0): boolean {
  return clients !== undefined && (clients > 0 || onlineUsers === 0);
}

function sumOf(
  instances: readonly InstanceLook[],
  figureOf: (instance: InstanceLook) => number | undefined,
): number {
  return instances.reduce((sum, instance) => sum + (figureOf(instance) ?? 0), 0);
}

const FIGURES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const figure = (value: number): string => FIGURES.format(value);
const countedFigure = (count: number, noun: string): string => counted(count, noun, figure);

const RATES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, useGrouping: false });
/** Rounded up: a lower rate would not be enough. */
const rate = (value: number): string => RATES.format(Math.ceil(value * 10) / 10);

const PACES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, useGrouping: false });
const pace = (value: number): string => PACES.format(value);

/** Rounded up to whole seconds, so that only a cycle without calls takes 0s. */
const time = (ms: number): string => formatDuration(Math.ceil(ms / SECOND) * SECOND);
