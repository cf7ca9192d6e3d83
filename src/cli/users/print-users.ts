import type { CsvCell } from '../../csv.ts';
import { inKilobits } from '../../smartag/units.ts';
import { english } from '../../web/messages/index.ts';
import type { ShownUser } from '../../web/status/privacy.ts';
import { isoTime } from '../../web/status/times.ts';
import type { ListFlags } from '../flags.ts';
import { type Column as TableColumn, table } from '../terminal/table.ts';
import { visibleCsv, visibleJson } from '../terminal/visible-text.ts';
import type { UnusedSum, UserList } from './listed-users.ts';

/** A field of the JSON and the CSV, and how the table shows it. `at` is the newest count of the state. */
interface Column {
  readonly name: string;
  readonly value: (user: ShownUser, at: number) => CsvCell;
  /** Absent when the table does not show the field. */
  readonly table?: TableColumn & { readonly text: (user: ShownUser, at: number) => string };
  /** @default always */
  readonly isShown?: (list: UserList) => boolean;
}

const kilobits = (bytesPerSecond: number | undefined): string =>
  bytesPerSecond === undefined ? '' : String(inKilobits(bytesPerSecond));

const withPresence = ({ showsPresence }: UserList): boolean => showsPresence;

/** The only list of the fields of a user. */
const COLUMNS: readonly Column[] = [
  {
    name: 'userName',
    value: ({ name }) => name,
    table: { title: 'USER', text: ({ name }) => name },
  },
  {
    name: 'userMail',
    value: ({ mail }) => mail,
    table: { title: 'MAIL', text: ({ mail }) => mail ?? '' },
    isShown: ({ privacy }) => privacy.userMail,
  },
  {
    name: 'enabled',
    value: ({ attributes }) => attributes.enabled,
    table: {
      title: 'STATE',
      text: ({ attributes }) => (attributes.enabled ? 'enabled' : 'disabled'),
    },
  },
  {
    name: 'bandwidthBytesPerSecond',
    value: ({ attributes }) => attributes.bandwidth,
    table: {
      title: 'KBIT/S',
      figures: true,
      text: ({ attributes }) => kilobits(attributes.bandwidth),
    },
  },
  {
    name: 'acceleratedBandwidthBytesPerSecond',
    value: ({ attributes }) => attributes.acceleratedBandwidth,
    table: {
      title: 'ACCELERATED',
      figures: true,
      text: ({ attributes }) => kilobits(attributes.acceleratedBandwidth),
    },
  },
  { name: 'staticIp', value: ({ attributes }) => attributes.staticIp },
  {
    name: 'clientIp',
    value: ({ clientIp }) => clientIp,
    table: {
      title: 'FIXED ADDRESS',
      text: ({ clientIp, attributes }) => clientIp ?? (attributes.staticIp ? 'yes' : ''),
    },
  },
  {
    name: 'lastOnline',
    value: ({ lastOnline }) => isoTime(lastOnline),
    table: { title: 'LAST ONLINE', text: lastOnlineText },
    isShown: withPresence,
  },
  {
    name: 'watchedSince',
    value: ({ watchedSince }) => isoTime(watchedSince),
    isShown: withPresence,
  },
  {
    name: 'unusedSeconds',
    value: (user, at) => wholeSeconds(user.unusedSeconds(at)),
    table: {
      title: 'UNUSED FOR',
      figures: true,
      text: (user, at) => {
        const seconds = wholeSeconds(user.unusedSeconds(at));
        return seconds ? english.formats.duration(seconds) : '';
      },
    },
    isShown: withPresence,
  },
];

const wholeSeconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds);

function lastOnlineText(user: ShownUser, at: number): string {
  const { lastOnline, watchedSince } = user;
  // Of a user who is online, the exporter notes the time to the hour.
  if (lastOnline !== undefined && user.unusedSeconds(at) === 0) return 'online';
  if (lastOnline !== undefined) return isoTime(lastOnline) ?? '';
  return watchedSince === undefined ? '' : `not since ${isoTime(watchedSince)}`;
}

export function printUsers(list: UserList, { json, csv }: ListFlags): string {
  if (json) return `${visibleJson(asJson(list))}\n`;
  if (csv) return asCsv(list);
  return asText(list);
}

function columnsOf(list: UserList): readonly Column[] {
  return COLUMNS.filter(({ isShown }) => isShown?.(list) ?? true);
}

/** The moment about which the presence of the users is asked. */
const momentOf = ({ presence }: UserList): number => presence?.countedAt ?? 0;

function asText(list: UserList): string {
  const { users, unused } = list;
  if (!users) return unused ? `${sumText(unused)}\n` : '';
  const columns = columnsOf(list).flatMap(({ table }) => table ?? []);
  const at = momentOf(list);
  const rows = users.map((user) => columns.map(({ text }) => text(user, at)));
  return `${table(columns, rows).join('\n')}\n`;
}

function sumText({ unusedFor, users, of }: UnusedSum): string {
  return `Users unused for ${unusedFor}: ${users ?? 'unknown'} of ${of}`;
}

/** Fields without a known value are absent. */
function asJson(list: UserList) {
  const { users, presence, unused } = list;
  const columns = columnsOf(list);
  const at = momentOf(list);
  return {
    ...idOf(list),
    ...(presence && {
      watchedSince: isoTime(presence.presence.watchedSince),
      watchedUntil: isoTime(presence.countedAt),
    }),
    ...(unused && sumFields(unused)),
    users: users?.map((user) =>
      Object.fromEntries(columns.map(({ name, value }) => [name, value(user, at)])),
    ),
  };
}

function asCsv(list: UserList): string {
  const { users, unused } = list;
  const id = idOf(list);
  if (!users) {
    const sums = { ...id, ...(unused && sumFields(unused)) };
    return visibleCsv(Object.keys(sums), [Object.values(sums)]);
  }
  const columns = columnsOf(list);
  const at = momentOf(list);
  return visibleCsv(
    [...Object.keys(id), ...columns.map(({ name }) => name)],
    users.map((user) => [...Object.values(id), ...columns.map(({ value }) => value(user, at))]),
  );
}

function idOf({ instance: { account, regionId, instanceId } }: UserList) {
  return { account: account.name, regionId, instanceId };
}

function sumFields({ unusedFor, users, of }: UnusedSum) {
  return { unusedFor, unusedUsers: users, allUsers: of };
}
