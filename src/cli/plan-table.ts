import { SECOND } from '../clock.ts';
import { formatDuration } from '../input/duration.ts';
import {
  ASSUMED_ONLINE_SHARE,
  type StageForecast,
  type StrategyForecast,
} from '../poll/forecast.ts';
import type { AccountPlan, Overrun, Plan } from './plan.ts';
import { type Column, table } from './table.ts';

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
  const remarks = [...warningsOf(account), ...look.doubts.map((doubt) => `Note: ${doubt}`)];
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
    figure(one.calls),
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
  if (inForce === 'batched') return 'auto: the batched operations are permitted';
  if (inForce === 'fan-out') return 'auto: the batched operations are not permitted';
  const asked = look.instances.filter(({ users }) => users > 0);
  const without = asked.filter((one) => !one.totalsPermitted || !one.countsPermitted);
  return `batched operations are not permitted for ${without.length} of ${asked.length} instances`;
}

/** What is wrong with the plan, each with what to change. */
function warningsOf(account: AccountPlan): readonly string[] {
  const { configured, look, overruns } = account;
  const warnings = overruns.map((overrun) => `Warning: ${warningOf(overrun, account)}`);
  const denied = look.instances.some(
    ({ users, totalsPermitted, countsPermitted }) =>
      users > 0 && !(totalsPermitted && countsPermitted),
  );
  if (configured === 'batched' && denied) {
    warnings.push(
      'Warning: the batched operations are not permitted for every instance, and online passes fail there: permit them, or set polling.strategy to auto.',
    );
  }
  return warnings;
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
      instances: account.look.instances.map(({ pageSize: _, ...instance }) => instance),
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
      notes: account.look.doubts,
    })),
  };
}

function usersOf({ look }: AccountPlan): number {
  return look.instances.reduce((sum, { users }) => sum + users, 0);
}

function onlineOf({ look }: AccountPlan): string {
  const clients = look.instances.reduce((sum, one) => sum + (one.clients ?? 0), 0);
  const unknown = look.instances.filter((one) => one.users > 0 && one.clients === undefined);
  if (unknown.length === 0) return `${counted(clients, 'online client')}`;
  const assumed = `${ASSUMED_ONLINE_SHARE * 100} % of users assumed online`;
  if (unknown.length === look.instances.length) return assumed;
  return `${counted(clients, 'online client')}, ${assumed} on ${counted(unknown.length, 'instance')}`;
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
