import type { ScrapedFleet, ScrapedInstance } from './scraped-fleet.ts';

/** What does not fit together within one scrape, in words; empty when all does. */
export function structuralFaults(fleet: ScrapedFleet): readonly string[] {
  return [...fleet.instances.values()].flatMap((instance) =>
    [
      ...ofStages(instance, fleet.at),
      ...ofUsers(instance),
      ...ofOnline(instance),
      ...ofSessions(instance, fleet.at),
    ].map((fault) => `${instance.id}: ${fault}`),
  );
}

/** Seconds by which a clock reading of the exporter may differ from the test's, made a moment apart. */
const MOMENT = 0.001;

function* ofStages(instance: ScrapedInstance, at: number): Iterable<string> {
  const up = instance.figure('sag_app_instance_up');
  if (up !== 0 && up !== 1) yield `up is ${up}`;
  for (const { labels, value } of instance.samples('sag_app_stage_progress_ratio')) {
    if (!(value >= 0 && value <= 1)) yield `progress of ${labels['stage']} is ${value}`;
  }
  for (const { labels, value } of instance.samples('sag_app_stage_duration_seconds')) {
    if (!(value >= 0)) yield `${labels['stage']} took ${value} s`;
  }
  for (const { labels, value } of instance.samples('sag_app_last_success_timestamp_seconds')) {
    if (value > at + MOMENT) yield `${labels['stage']} succeeded in the future`;
  }
  if (up !== 1) return;
  for (const stage of ['users', 'online']) {
    if (instance.lastSuccess(stage) === undefined) yield `up before the first ${stage} pass`;
  }
}

const SUMS = [
  ['sag_app_bandwidth_allocated_bytes_per_second', 'sag_app_user_bandwidth_limit_bytes_per_second'],
  [
    'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
    'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
  ],
] as const;

function* ofUsers(instance: ScrapedInstance): Iterable<string> {
  const users = instance.by('state', 'sag_app_users');
  const enabled = instance.byUser('sag_app_user_enabled');
  const infos = instance.byUser('sag_app_user_info');
  const total = (users.get('enabled') ?? 0) + (users.get('disabled') ?? 0);
  if (total !== infos.size) yield `${total} users, ${infos.size} with info`;
  if (!sameKeys(infos, enabled)) yield 'users with info and users enabled or not differ';
  for (const [state, value] of [
    ['enabled', 1],
    ['disabled', 0],
  ] as const) {
    const names = [...enabled].filter(([, one]) => one === value).map(([name]) => name);
    const count = users.get(state);
    if (instance.has('sag_app_users') !== (count !== undefined))
      yield `no number of ${state} users`;
    if ((count ?? 0) !== names.length) yield `${count} ${state} users, ${names.length} are so`;
    for (const [sum, each] of SUMS) {
      const limits = instance.byUser(each);
      const expected = names.reduce((all, name) => all + (limits.get(name) ?? 0), 0);
      const found = instance.by('state', sum).get(state);
      if ((found !== undefined) !== instance.has('sag_app_users')) yield `${sum} alone`;
      if ((found ?? 0) !== expected) yield `${sum} of ${state} is ${found}, not ${expected}`;
    }
  }
}

function* ofOnline(instance: ScrapedInstance): Iterable<string> {
  const counts = [...instance.byUser('sag_app_user_online_clients').values()];
  const users = instance.figure('sag_app_online_users');
  const clients = instance.figure('sag_app_online_clients');
  if ((users === undefined) !== (clients === undefined)) yield 'one online aggregate of two';
  if (counts.some((count) => !Number.isInteger(count) || count < 0)) yield 'no number of clients';
  if (users === undefined || clients === undefined) return;
  const sum = counts.reduce((all, count) => all + count, 0);
  const online = counts.filter((count) => count > 0).length;
  if (clients !== sum) yield `${clients} online clients, the users have ${sum}`;
  if (users !== online) yield `${users} online users, ${online} have clients`;
}

function* ofSessions(instance: ScrapedInstance, at: number): Iterable<string> {
  const starts = instance.byUser('sag_app_user_session_start_timestamp_seconds');
  const ages = instance.byUser('sag_app_user_session_age_seconds');
  if (!sameKeys(starts, ages)) yield 'users with a session start and with an age differ';
  for (const [name, start] of starts) {
    const age = Math.max(0, at - start);
    // In real time the scrape is rendered somewhat before it is read.
    if (Math.abs((ages.get(name) ?? age) - age) > AGE_MOMENT) yield `age of ${name}`;
  }
  const oldest = instance.figure('sag_app_oldest_session_start_timestamp_seconds');
  if (oldest !== undefined && oldest !== Math.min(...starts.values())) {
    yield `the oldest session began ${oldest}, of the users' ${Math.min(...starts.values())}`;
  }
}

/** Likewise of a whole scrape, which takes longer. */
const AGE_MOMENT = 2;

function sameKeys(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}
