import type { AccountConfig } from '../../../config/config.ts';
import { HOME_REGION } from '../../../smartag/transport/endpoints.ts';
import {
  bandwidthKind,
  hardwareVersionKind,
  looksLikeMail,
  marksOf,
  millisecondsOf,
  timeKind,
} from './kinds.ts';
import { entriesOf, type Fields, type Prober } from './probe.ts';
import { bucketOf } from './shape.ts';

/**
 * Maximum numbers of regions, instances and users that are asked about. They are enough to learn how the API
 * answers; the whole fleet would take as many calls as a pass.
 */
const MOST_REGIONS = 20;
const MOST_INSTANCES = 3;
const MOST_USERS = 50;
/**
 * Users who are asked about one by one: at most this many whom the statistics leave out, and as many who are
 * online.
 */
const MOST_USERS_COMPARED = 5;

const REGIONS = ['Regions', 'Region'] as const;
const INSTANCES = ['SmartAccessGateways', 'SmartAccessGateway'] as const;
const USERS = ['Users', 'User'] as const;

interface ListedInstance {
  readonly regionId: string;
  readonly instanceId: string;
  /** The instance's entry in the list of instances; empty if only the configuration names the instance. */
  readonly fields: Fields;
}

/**
 * Answers the questions that public evidence about the API leaves open (see docs/simulator.md), without
 * names, ids or exact counts.
 *
 * @throws the signal's reason
 */
export async function answerQuestions(
  prober: Prober,
  account: AccountConfig,
  now: number,
): Promise<Fields> {
  const regions = await askRegions(
    prober,
    account.regions[0] ?? account.instances[0]?.region ?? HOME_REGION,
  );
  const listed = await findInstances(prober, account, regions.usable);
  const instances: Fields[] = [];
  for (const instance of chooseInstances(listed, now)) {
    instances.push(await askInstance(prober, instance, now));
  }
  const entries = listed.map(({ fields }) => fields).filter((fields) => 'SmartAGId' in fields);
  return {
    regions: regions.described,
    instances: bucketOf(listed.length),
    max_bandwidth: kinds(entries, 'MaxBandwidth', bandwidthKind),
    hardware_version: kinds(entries, 'HardwareVersion', hardwareVersionKind),
    create_time: kinds(entries, 'CreateTime', timeKind),
    end_time: kinds(entries, 'EndTime', timeKind),
    asked_closely: instances,
  };
}

function kinds(
  entries: readonly Fields[],
  field: string,
  kindOf: (value: unknown) => string,
): readonly string[] {
  return [...new Set(entries.map((entry) => kindOf(entry[field])))].sort();
}

async function askRegions(
  prober: Prober,
  home: string,
): Promise<{ readonly described: unknown; readonly usable: readonly string[] }> {
  const ask = (AcceptLanguage: string): Promise<readonly Fields[]> =>
    prober.list('DescribeRegions', home, { AcceptLanguage }, REGIONS);
  const chinese = await ask('zh-CN');
  const english = new Map((await ask('en-US')).map((entry) => [entry['RegionId'], entry]));
  const regions = chinese.map((entry) => {
    const id = textOf(entry['RegionId']);
    return {
      id,
      marks: [...marksOf(entry['LocalName']), ...marksOf(english.get(id)?.['LocalName'])],
      hasOwnEndpoint: entry['RegionEndpoint'] === `smartag.${id}.aliyuncs.com`,
    };
  });
  const isUsable = ({ marks, hasOwnEndpoint }: (typeof regions)[number]): boolean =>
    marks.length === 0 && hasOwnEndpoint;
  return {
    // The regions of the product are public. Those of the account's instances stay out of the report.
    described: regions
      .filter(({ id }) => REGION_ID.test(id))
      .map(({ id, marks, hasOwnEndpoint }) => ({
        region: id,
        marks_in_local_name: [...new Set(marks)],
        endpoint: hasOwnEndpoint ? 'smartag.<region>.aliyuncs.com' : 'another',
      })),
    usable: regions.filter(isUsable).map(({ id }) => id),
  };
}

const REGION_ID = /^(?:ap|cn|eu|me|na|us)(?:-[a-z]{2,16})+(?:-\d{1,3})?$/;

async function findInstances(
  prober: Prober,
  account: AccountConfig,
  usable: readonly string[],
): Promise<readonly ListedInstance[]> {
  const regions = new Set([
    ...account.instances.map(({ region }) => region),
    ...account.regions,
    ...(account.discovery && account.regions.length === 0 ? usable : []),
  ]);
  const listed = new Map<string, ListedInstance>();
  for (const { id, region } of account.instances) {
    listed.set(id, { regionId: region, instanceId: id, fields: {} });
  }
  for (const regionId of [...regions].slice(0, MOST_REGIONS)) {
    const parameters = { InstanceType: 'software', PageNumber: 1, PageSize: 50 };
    const operation = 'DescribeSmartAccessGateways';
    for (const fields of await prober.list(operation, regionId, parameters, INSTANCES)) {
      const instanceId = textOf(fields['SmartAGId']);
      if (instanceId !== '') listed.set(instanceId, { regionId, instanceId, fields });
    }
  }
  return [...listed.values()];
}

/** The first few instances, with an expired one among them if there is one. */
function chooseInstances(
  listed: readonly ListedInstance[],
  now: number,
): readonly ListedInstance[] {
  const expired = listed.find(({ fields }) => hasEnded(fields, now));
  const others = listed.filter((instance) => instance !== expired);
  return [...(expired ? [expired] : []), ...others].slice(0, MOST_INSTANCES);
}

function hasEnded(fields: Fields, now: number): boolean {
  const end = millisecondsOf(fields['EndTime']);
  return end !== undefined && end < now;
}

async function askInstance(prober: Prober, instance: ListedInstance, now: number): Promise<Fields> {
  const { regionId, instanceId, fields } = instance;
  const SmartAGId = instanceId;
  const page = await prober.ask('DescribeSmartAccessGatewayClientUsers', regionId, {
    SmartAGId,
    PageNumber: 1,
    PageSize: MOST_USERS,
  });
  const expired = hasEnded(fields, now);
  if ('refusal' in page) return { expired, users: { refused: page.refusal } };
  const users = entriesOf(page.reply, ...USERS).slice(0, MOST_USERS);
  const names = users.map((user) => textOf(user['UserName'])).filter((name) => name !== '');
  const total = Math.max(numberOf(page.reply['TotalCount']) ?? 0, users.length);
  const counts = names.length === 0 ? undefined : await askCounts(prober, instance, names);
  return {
    expired,
    users: bucketOf(total),
    user_count: userCountKind(fields['UserCount'], total),
    names_like_mail_addresses: shareOf(names, looksLikeMail),
    names_that_are_the_mail_address: shareOf(
      users,
      (user) => user['UserName'] !== undefined && user['UserName'] === user['UserMail'],
    ),
    statistics: counts?.described,
    totals: await askTotal(prober, instance, total === names.length ? counts?.sum : undefined),
  };
}

/** Finds out which users the statistics leave out, and compares counts with the users' own sessions. */
async function askCounts(
  prober: Prober,
  { regionId, instanceId }: ListedInstance,
  names: readonly string[],
) {
  const SmartAGId = instanceId;
  const answer = await prober.ask('DescribeUserOnlineClientStatistics', regionId, {
    SmartAGId,
    UserNames: names,
  });
  if ('refusal' in answer) return { described: { refused: answer.refusal }, sum: undefined };
  const counts = new Map(
    entriesOf(answer.reply, 'UserStatistics', 'Statistics').map((entry) => [
      textOf(entry['UserName']),
      numberOf(entry['OnlineCount']) ?? 0,
    ]),
  );
  const online = names.filter((name) => (counts.get(name) ?? 0) > 0);
  const leftOut = names.filter((name) => !counts.has(name));
  const sessionsOf = async (userNames: readonly string[]) => {
    const sessions: (readonly Fields[])[] = [];
    for (const UserName of userNames.slice(0, MOST_USERS_COMPARED)) {
      const parameters = { SmartAGId, UserName };
      sessions.push(await prober.list('DescribeUserOnlineClients', regionId, parameters, USERS));
    }
    return sessions;
  };
  const ofLeftOut = await sessionsOf(leftOut);
  const ofOnline = await sessionsOf(online);
  return {
    described: {
      asked: bucketOf(names.length),
      left_out: bucketOf(leftOut.length),
      left_out_and_asked_singly: bucketOf(ofLeftOut.length),
      of_those_online: bucketOf(ofLeftOut.filter(({ length }) => length > 0).length),
      counted_0: bucketOf(names.filter((name) => counts.get(name) === 0).length),
      counted_online: bucketOf(online.length),
      counts_equal_the_clients:
        ofOnline.length === 0
          ? 'not compared'
          : ofOnline.every(({ length }, index) => length === counts.get(online[index] ?? '')),
      online_time: kinds([...ofLeftOut, ...ofOnline].flat(), 'OnlineTime', timeKind),
    },
    sum: [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}

/** @param clients sum of the statistics; undefined if they do not cover all users */
async function askTotal(
  prober: Prober,
  { regionId, instanceId }: ListedInstance,
  clients: number | undefined,
): Promise<unknown> {
  const answer = await prober.ask('DescribeSagOnlineClientStatistics', regionId, {
    SmartAGIds: [instanceId],
  });
  if ('refusal' in answer) return { refused: answer.refusal };
  const [entry] = entriesOf(answer.reply, 'SagStatistics', 'Statistics');
  const total = entry && numberOf(entry['OnlineCount']);
  if (total === undefined) return 'not told';
  if (clients === undefined) return 'told, not compared';
  if (total === clients) return total === 0 ? 'as the statistics: 0' : 'as the statistics';
  return total === 0 ? '0, though the statistics count clients' : 'another than the statistics';
}

/** Evidence on whether UserCount is the limit or the number of users. */
function userCountKind(value: unknown, users: number): unknown {
  const count = numberOf(value);
  if (count === undefined) return 'not told';
  return {
    equals_the_users: count === users,
    less_than_the_users: count < users,
    multiple_of_5: count % 5 === 0,
  };
}

/** Rounded to tenths. */
function shareOf<Item>(
  items: readonly Item[],
  matches: (item: Item) => boolean,
): number | undefined {
  if (items.length === 0) return undefined;
  return Math.round((10 * items.filter(matches).length) / items.length) / 10;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
