/** The path to the list in the reply of each operation. */
const LISTS: Readonly<Record<string, readonly [outer: string, inner: string, id: string]>> = {
  DescribeRegions: ['Regions', 'Region', 'RegionId'],
  DescribeSmartAccessGateways: ['SmartAccessGateways', 'SmartAccessGateway', 'SmartAGId'],
  DescribeSmartAccessGatewayClientUsers: ['Users', 'User', 'UserName'],
  DescribeUserOnlineClients: ['Users', 'User', 'ClientId'],
  DescribeUserOnlineClientStatistics: ['UserStatistics', 'Statistics', 'UserName'],
  DescribeSagOnlineClientStatistics: ['SagStatistics', 'Statistics', 'SmartAGId'],
  DescribeUserFlowStatistics: ['SagStatistics', 'Statistics', 'UserName'],
};

export const LIST_OPERATIONS = Object.keys(LISTS);

type Garble = (outer: string, inner: string, id: string) => unknown;

const wrapped =
  (list: unknown): Garble =>
  (outer, inner) => ({ RequestId: 'r', TotalCount: 'many', [outer]: { [inner]: list } });

/** Replies with HTTP 200 that cannot be believed, by their defect. */
const GARBLES: Readonly<Record<string, Garble>> = {
  'an empty object': () => ({}),
  'a list': () => [],
  'a number': () => 0,
  null: () => null,
  text: () => 'OK',
  'a RequestId alone': () => ({ RequestId: 'r' }),
  'the fields of a page alone': () => ({
    RequestId: 'r',
    TotalCount: 9,
    PageNumber: 1,
    PageSize: 50,
  }),
  'text as users, and as their number': () => ({
    RequestId: 'r',
    Users: 'unexpected',
    TotalCount: 'many',
  }),
  'text in place of the list': (outer) => ({
    RequestId: 'r',
    TotalCount: 9,
    [outer]: 'unexpected',
  }),
  'a number in place of the list': (outer) => ({ RequestId: 'r', TotalCount: 9, [outer]: 7 }),
  'true in place of the list': (outer) => ({ RequestId: 'r', TotalCount: 9, [outer]: true }),
  'null in place of the list': (outer) => ({ RequestId: 'r', TotalCount: 9, [outer]: null }),
  'an empty text in place of the list': (outer) => ({ RequestId: 'r', TotalCount: 9, [outer]: '' }),
  'an empty object in place of the list': (outer) => ({ RequestId: 'r', [outer]: {} }),
  'a list under another name': (outer) => ({ RequestId: 'r', [outer]: { Items: [] } }),
  'null in the wrapper': wrapped(null),
  'null as an entry': wrapped([null]),
  'text as an entry': wrapped(['unexpected']),
  'a list as an entry': wrapped([[{}]]),
  'an entry without anything': wrapped([{}]),
  'entries of others, without figures': (outer, inner, id) => ({
    RequestId: 'r',
    [outer]: { [inner]: [{ [id]: '', OnlineCount: 'many', TotalBytes: 'many' }] },
  }),
  'everything one level deeper': (outer) => ({ RequestId: 'r', Data: { [outer]: {} } }),
  'an error of another service': () => ({ code: 500, message: 'internal error', success: false }),
};

/** Garbled bodies for an operation, by their defect. */
export function garbledReplies(operation: string): ReadonlyMap<string, string> {
  const [outer, inner, id] = LISTS[operation] ?? ['', '', ''];
  return new Map(
    Object.entries(GARBLES).map(([name, garble]) => [
      name,
      JSON.stringify(garble(outer, inner, id)),
    ]),
  );
}
