import { SECOND } from '../../clock.ts';
import { formatDuration } from '../../input/duration.ts';
import type { InstanceLook } from '../../poll/forecast/fleet-look.ts';
import type { StageForecast, StrategyForecast } from '../../poll/forecast/forecast.ts';
import { ASSUMED_ONLINE_SHARE } from '../../poll/forecast/online-calls.ts';
import { type Column, table } from '../terminal/table.ts';
import type { AccountPlan, Overrun, Plan } from './account-plan.ts';
import { missingOf } from './missing.ts';

const COLUMNS: readonly Column[] = [
  { title: 'stage' },
  { title: 'operation' },
  ...['first', 'a cycle', 'an hour', 'a day', 'every', 'takes'].map((title) => ({
    title,
    figures: true,
  })),
];

/** The plan as tables, for a person. */
export function describePlan(plan: Plan): string {
  return plan.accounts.map((account) => describeAccount(account, plan)).join('\n');
}

function describeAccount(account: AccountPlan, { polling }: Plan): string {
  const { look, configured, inForce, forecasts } = account;
  const instances = look.instances.length;
  const lines = [
    `Account ${account.account}: ${counted(instances, 'instance')}, ${counted(usersOf(account), 'user')}, ${onlineOf(account)} (seen with ${counted(look.calls, 'call')})`,
    `Budget: ${polling.requestsPerSecond} calls/s for each operation${dividedAmong(account)}${polling.adaptive ? ', less where the API allows less' : ''}`,
    `Strategy in force: ${inForce}${configured === 'auto' ? ` (${whyInForce(account)})` : ''}`,
    ...forecasts.flatMap((one) => ['', ...describeStrategy(one, inForce)]),
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
  const rows = stages.flatMap((stage) => stage.operations.map((one) => rowOf(stage, one)));
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
    `${strategy}${strategy === inForce ? ', in force' : ''}: everything is known after ${counted(first.calls, 'call')}, ${time(first.duration)} at the budget`,
    ...table(COLUMNS, [...rows, total]),
  ];
}

function rowOf(stage: StageForecast, one: StageForecast['operations'][number]): readonly string[] {
  return [
    stage.stage,
    one.operation,
    figure(one.firstCalls),
    // Calls that only some cycles make.
    one.calls > 0 && one.calls < 1 ? '<1' : figure(one.calls),
    figure(one.callsPerHour),
    figure(one.callsPerDay),
    time(stage.period),
    time(one.duration),
  ];
}

const SHARD_COLUMNS: readonly Column[] = [
  { title: 'shard' },
  ...['instances', 'users', 'calls/s', 'first', 'complete after', 'an hour', 'a day'].map(
    (title) => ({ title, figures: true }),
  ),
];

/** What each shard costs with the strategy in force; nothing where there is one only. */
function describeShards({ inForce, forecasts, shards }: AccountPlan): readonly string[] {
  if (shards.length === 1) return [];
  const which = forecasts.findIndex(({ strategy }) => strategy === inForce);
  const rows = shards.map(({ shard, instances, users, requestsPerSecond, forecasts: own }) => [
    String(shard.index),
    figure(instances),
    figure(users),
    pace(requestsPerSecond),
    figure(own[which]?.first.calls ?? 0),
    time(own[which]?.first.duration ?? 0),
    figure(own[which]?.callsPerHour ?? 0),
    figure(own[which]?.callsPerDay ?? 0),
  ]);
  return ['', `The shards, ${inForce}:`, ...table(SHARD_COLUMNS, rows)];
}

/** What the tables above it count and time. */
function dividedAmong({ shards }: AccountPlan): string {
  if (shards.length === 1) return '';
  return `, divided among ${shards.length} shards (calls of all together, times of the slowest)`;
}

/** Why `auto` comes to what it does. */
function whyInForce({ inForce, look }: AccountPlan): string {
  const missing = missingOf(look.instances).filter(
    ({ operation }) => operation === 'DescribeUserOnlineClientStatistics',
  );
  if (missing.length === 0) return 'auto: users can be counted in batches';
  const why = missing.map(({ problem, where }) => `${problem}${where}`).join(', ');
  return inForce === 'auto' ? why : `auto: ${why}`;
}

/** What is wrong with the plan, each with what to change. */
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

/** What is worth knowing. */
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
  const batched = forecasts.find(({ strategy }) => strategy === 'batched');
  const other = batched?.stages.find((one) => one.stage === stage.stage);
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
          operations: operations.map(({ duration: taking, ...operation }) => ({
            ...operation,
            cycleSeconds: taking / SECOND,
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

/** Such as `12 online clients`, of instances where totals tell, and `about 30 users online` of others. */
function onlineOf({ look }: AccountPlan): string {
  const withUsers = look.instances.filter(({ users }) => users > 0);
  const byTotal = withUsers.filter(({ clients, onlineUsers }) =>
    isToldByTotal(clients, onlineUsers),
  );
  const others = withUsers.filter((one) => !byTotal.includes(one));
  const counts = others.filter(({ onlineUsers }) => onlineUsers !== undefined);
  const parts = [
    ...(byTotal.length > 0 || withUsers.length === 0
      ? [
          counted(
            sumOf(byTotal, ({ clients }) => clients),
            'online client',
          ),
        ]
      : []),
    ...(counts.length > 0
      ? [
          `about ${counted(
            sumOf(counts, ({ onlineUsers }) => onlineUsers),
            'user',
          )} online`,
        ]
      : []),
  ];
  const unknown = others.length - counts.length;
  if (unknown > 0) {
    const where = unknown < withUsers.length ? ` on ${counted(unknown, 'instance')}` : '';
    parts.push(`${ASSUMED_ONLINE_SHARE * 100} % of users assumed online${where}`);
  }
  return parts.join(', ');
}

/** A total of 0 is no news where users were found online. */
function isToldByTotal(clients: number | undefined, onlineUsers = 0): boolean {
  return clients !== undefined && (clients > 0 || onlineUsers === 0);
}

function sumOf(
  instances: readonly InstanceLook[],
  figureOf: (one: InstanceLook) => number | undefined,
): number {
  return instances.reduce((sum, one) => sum + (figureOf(one) ?? 0), 0);
}

const FIGURES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const figure = (value: number): string => FIGURES.format(value);

const RATES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, useGrouping: false });
/** Rounded up: a bit less would not do. */
const rate = (value: number): string => RATES.format(Math.ceil(value * 10) / 10);

const PACES = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, useGrouping: false });
const pace = (value: number): string => PACES.format(value);

/** Rounded up to whole seconds; a cycle that takes no time has no calls. */
const time = (ms: number): string => formatDuration(Math.ceil(ms / SECOND) * SECOND);

function counted(count: number, what: string): string {
  return `${figure(count)} ${what}${count === 1 ? '' : 's'}`;
}
