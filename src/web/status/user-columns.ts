import { z } from 'zod';
import type { CsvCell } from '../../csv.ts';
import type { ShownUser, UserParts } from './privacy.ts';
import type { Privacy } from './schema-parts.ts';
import { amount, count, section, time } from './schema-parts.ts';
import type { Order, SortKey } from './sorting.ts';
import { ageOf, isoTime } from './times.ts';

/** A column of the table of users. Lists can be sorted by it. */
interface ColumnSpec<Name extends string> {
  /** The name of the column in URLs. */
  readonly name: Name;
  /** The order that applies when a URL names the column without an order. */
  readonly order: Order;
  /** The part of the snapshot that contains the sort key. A sorted list is kept until this part changes. */
  readonly part: keyof UserParts;
  /** When absent, the value is a number, and is the sort key too. */
  readonly sortKey?: (user: ShownUser) => SortKey;
  /** @default always */
  readonly isShown?: (privacy: Privacy, hasTraffic: boolean) => boolean;
  /** How the value is written. When absent, pages/users-section.ts has a cell of its own for the column. */
  readonly format?: 'bandwidth' | 'bytes';
}

/** How CSV has a field. By default it has every field, with the name and the value of the JSON. */
interface CsvSpec<Value> {
  readonly name?: string;
  /** Makes the cell of a value that is no text, number or boolean. */
  readonly cell?: (value: Value) => CsvCell;
  /** @default as the column of the page; always when there is none */
  readonly isShown?: (privacy: Privacy, hasTraffic: boolean) => boolean;
}

/**
 * Declares a field of the JSON and the column that shows it, if any.
 *
 * @param read takes the value from a user; `now` is in seconds since the epoch
 */
const field = <Shape extends z.ZodType, const Name extends string = never>(
  shape: Shape,
  read: (user: ShownUser, now: number) => z.infer<Shape>,
  column?: ColumnSpec<Name>,
  csv?: CsvSpec<NonNullable<z.infer<Shape>>>,
) => ({ shape, read, column, csv });

const lower = (text: string | undefined): string | undefined => text?.toLowerCase();
const whole = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds);
const withAddresses = ({ clientAddresses }: Privacy): boolean => clientAddresses;
const withTraffic = (_privacy: Privacy, hasTraffic: boolean): boolean => hasTraffic;

const session = section({
  clientAddress: z
    .string()
    .optional()
    .describe('Address of the client; absent when the privacy settings hide it.'),
  start: time().optional().describe('When it connected; absent when unknown.'),
});

/** The only list of the fields of a user in the JSON, and of the columns of the page and the CSV. */
const FIELDS = {
  userName: field(
    z.string().describe('Its name, or the substitute that `metrics.user_name` sets.'),
    ({ name }) => name,
    {
      name: 'name',
      order: 'asc',
      part: 'users',
      sortKey: ({ name }) => lower(name),
    },
  ),
  userMail: field(
    z.string().optional().describe('Its mail address, with `metrics.user_mail`.'),
    ({ mail }) => mail,
    {
      name: 'mail',
      order: 'asc',
      part: 'users',
      sortKey: ({ mail }) => lower(mail),
      isShown: ({ userMail }) => userMail,
    },
  ),
  enabled: field(
    z.boolean().optional().describe('Whether it may connect.'),
    ({ attributes }) => attributes.enabled,
    {
      name: 'state',
      order: 'asc',
      part: 'users',
      sortKey: ({ attributes: { enabled } }) =>
        enabled === undefined ? undefined : Number(!enabled),
    },
  ),
  staticIp: field(
    z.boolean().optional().describe('Whether it has a fixed address.'),
    ({ attributes }) => attributes.staticIp,
  ),
  onlineClients: field(
    count().optional().describe('Clients online; 0 when known to be offline.'),
    ({ clients }) => clients,
    { name: 'online', order: 'desc', part: 'online' },
  ),
  onlineSince: field(
    time().optional().describe('Start of its longest-running session.'),
    ({ onlineSince }) => isoTime(onlineSince),
    {
      name: 'since',
      order: 'desc',
      part: 'sessions',
      // The sort key is the age, so that descending order begins with the longest session.
      sortKey: ({ onlineSince }) => onlineSince && -onlineSince,
    },
  ),
  onlineSeconds: field(
    amount().optional().describe('Age of that session.'),
    ({ onlineSince }, now) => ageOf(onlineSince, now),
  ),
  lastOnline: field(
    time()
      .optional()
      .describe(
        'When it was last seen online, to the hour while it is online; absent when it was not seen online since `watchedSince`.',
      ),
    ({ lastOnline }) => isoTime(lastOnline),
    {
      name: 'lastOnline',
      order: 'asc',
      // The times change only with an online pass.
      part: 'online',
      // A user who was never seen online has been unused at least since the exporter began to watch the user.
      sortKey: ({ clients = 0, lastOnline, watchedSince }) =>
        clients > 0 ? Number.POSITIVE_INFINITY : (lastOnline ?? watchedSince),
    },
  ),
  watchedSince: field(
    time()
      .optional()
      .describe(
        'Since when it is recorded whether it is online; absent until a complete online pass has counted it.',
      ),
    ({ watchedSince }) => isoTime(watchedSince),
  ),
  unusedSeconds: field(
    amount()
      .optional()
      .describe(
        'How long it was watched without being online: 0 while it is online. The time in which the exporter was down or could not count is left out.',
      ),
    (user, now) => whole(user.unusedSeconds(now)),
  ),
  sessions: field(
    z.array(session).optional().describe('Its sessions, the oldest first.'),
    ({ sessions }) =>
      sessions
        ?.toSorted(({ start: a = Infinity }, { start: b = Infinity }) => (a === b ? 0 : a - b))
        .map(({ clientIp, start }) => ({
          clientAddress: clientIp || undefined,
          start: isoTime(start),
        })),
    {
      name: 'address',
      order: 'asc',
      part: 'sessions',
      // Numbers are padded to the same length, so that 10.0.0.9 comes before 10.0.0.10.
      sortKey: ({ sessions, clientIp }) =>
        (sessions?.[0]?.clientIp || clientIp)?.replace(/\d+/g, (digits) => digits.padStart(3, '0')),
      isShown: withAddresses,
    },
    {
      name: 'clientAddresses',
      cell: (sessions) => sessions.map(({ clientAddress = '' }) => clientAddress).join(' '),
    },
  ),
  fixedAddress: field(
    z.string().optional().describe('Its fixed address; absent when the privacy settings hide it.'),
    ({ clientIp }) => clientIp,
    undefined,
    { isShown: withAddresses },
  ),
  bandwidthBytesPerSecond: field(
    amount().optional().describe('Bandwidth it may use.'),
    ({ attributes }) => attributes.bandwidth,
    { name: 'bandwidth', order: 'desc', part: 'users', format: 'bandwidth' },
  ),
  acceleratedBandwidthBytesPerSecond: field(
    amount().optional().describe('Accelerated bandwidth it may use.'),
    ({ attributes }) => attributes.acceleratedBandwidth,
    { name: 'accelerated', order: 'desc', part: 'users', format: 'bandwidth' },
  ),
  trafficMonthBytes: field(
    amount().optional().describe('Traffic since the month began.'),
    ({ traffic }) => traffic?.month,
    {
      name: 'traffic',
      order: 'desc',
      part: 'traffic',
      isShown: withTraffic,
      format: 'bytes',
    },
  ),
  trafficRemainingBytes: field(
    z.number().optional().describe("What is left of the month's free traffic."),
    ({ traffic }) => traffic?.remaining,
    {
      name: 'remaining',
      order: 'asc',
      part: 'traffic',
      isShown: withTraffic,
      format: 'bytes',
    },
  ),
};

type Fields = typeof FIELDS;

export const user = section(
  Object.fromEntries(Object.entries(FIELDS).map(([name, { shape }]) => [name, shape])) as {
    readonly [Name in keyof Fields]: Fields[Name]['shape'];
  },
);

export type UserStatus = z.infer<typeof user>;

/** @param now seconds since the epoch */
export function userStatus(shown: ShownUser, now: number): UserStatus {
  return Object.fromEntries(
    Object.entries(FIELDS).map(([name, { read }]) => [name, read(shown, now)]),
  ) as UserStatus;
}

export type UserColumn = NonNullable<Fields[keyof Fields]['column']>['name'];

export interface UserColumnSpec extends ColumnSpec<UserColumn> {
  readonly field: keyof UserStatus;
}

export const USER_COLUMNS = Object.entries(FIELDS).flatMap(([field, { column }]) =>
  column ? [{ ...column, field }] : [],
) as readonly UserColumnSpec[];

export function userColumn(name: UserColumn): UserColumnSpec {
  const column = USER_COLUMNS.find((column) => column.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

export function sortKeyOf({ sortKey, field }: UserColumnSpec, user: ShownUser): SortKey {
  return sortKey ? sortKey(user) : (FIELDS[field].read(user, 0) as SortKey);
}

/** A column of the CSV. */
export interface UserCsvColumn {
  readonly name: string;
  readonly cell: (user: UserStatus) => CsvCell;
}

export function userCsvColumns(privacy: Privacy, hasTraffic: boolean): readonly UserCsvColumn[] {
  return Object.entries(FIELDS).flatMap(([name, { column, csv }]) => {
    const { isShown = column?.isShown, cell } = (csv ?? {}) as CsvSpec<unknown>;
    if (isShown && !isShown(privacy, hasTraffic)) return [];
    const read = (user: UserStatus): CsvCell => {
      const value: unknown = user[name as keyof UserStatus];
      return cell && value !== undefined ? cell(value) : (value as CsvCell);
    };
    return { name: csv?.name ?? name, cell: read };
  });
}
