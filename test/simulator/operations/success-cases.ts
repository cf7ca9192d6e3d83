import { ROLE } from '../gateway/error-cases.ts';
import { NEW_USER, OFFICE } from '../office.ts';

/** A call to the office world that succeeds. Lists are in the form of the SDKs. */
export interface SuccessCase {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string | number | readonly string[]>>;
  /** The fields of its page's sample, in the sample's order. */
  readonly fields: readonly string[];
}

const ONLY_ID = ['RequestId'];
const USER = ['UserName', 'RequestId', 'UserMail', 'Bandwidth', 'ClientIp'];

/** One of each operation. */
export const SUCCESS_CASES: readonly SuccessCase[] = [
  {
    operation: 'DescribeRegions',
    parameters: { AcceptLanguage: 'en-US' },
    fields: ['RequestId', 'Regions'],
  },
  {
    operation: 'DescribeSmartAccessGateways',
    parameters: { RegionId: 'cn-shanghai', SmartAGIds: ['sag-office', 'sag-full'], PageSize: 50 },
    fields: ['TotalCount', 'RequestId', 'PageSize', 'PageNumber', 'SmartAccessGateways'],
  },
  {
    operation: 'DescribeSmartAccessGatewayClientUsers',
    parameters: { ...OFFICE, PageNumber: 1, PageSize: 2 },
    fields: ['TotalCount', 'PageSize', 'RequestId', 'PageNumber', 'Users'],
  },
  {
    operation: 'DescribeUserOnlineClients',
    parameters: { ...OFFICE, UserName: 'li.wei017' },
    fields: ['RequestId', 'Users'],
  },
  {
    operation: 'DescribeUserOnlineClientStatistics',
    parameters: { ...OFFICE, UserNames: ['li.wei017', 'wang.fang', 'doc'] },
    fields: ['RequestId', 'UserStatistics'],
  },
  {
    operation: 'DescribeSagOnlineClientStatistics',
    parameters: { RegionId: 'cn-shanghai', SmartAGIds: ['sag-office', 'sag-full'] },
    fields: ['RequestId', 'SagStatistics'],
  },
  {
    operation: 'DescribeUserFlowStatistics',
    parameters: { ...OFFICE, UserNames: ['li.wei017'], StatisticsDate: '202512' },
    fields: ['RequestId', 'SagStatistics'],
  },
  {
    operation: 'CreateSmartAccessGatewayClientUser',
    parameters: { ...NEW_USER, ClientIp: '10.1.0.200' },
    fields: USER,
  },
  {
    operation: 'ModifySmartAccessGatewayClientUser',
    parameters: { ...OFFICE, UserName: 'li.wei017', Bandwidth: 1, Email: 'li@example.com' },
    fields: USER,
  },
  {
    operation: 'DeleteSmartAccessGatewayClientUser',
    parameters: { ...OFFICE, UserName: 'wang.fang' },
    fields: ONLY_ID,
  },
  {
    operation: 'EnableSmartAccessGatewayUser',
    parameters: { ...OFFICE, UserName: 'wang.fang' },
    fields: ONLY_ID,
  },
  {
    operation: 'DisableSmartAccessGatewayUser',
    parameters: { ...OFFICE, UserName: 'li.wei017' },
    fields: ONLY_ID,
  },
  {
    operation: 'KickOutClients',
    parameters: { ...OFFICE, Username: 'li.wei017' },
    fields: ONLY_ID,
  },
  {
    operation: 'ResetSmartAccessGatewayClientUserPassword',
    parameters: { ...OFFICE, UserName: 'li.wei017' },
    fields: ONLY_ID,
  },
  {
    operation: 'AssumeRole',
    parameters: { ...ROLE, DurationSeconds: 900, Policy: '{"Version":"1","Statement":[]}' },
    fields: ['RequestId', 'AssumedRoleUser', 'Credentials'],
  },
];

/** Parameters in the form of a request: lists are numbered from 1. */
export function flat(parameters: SuccessCase['parameters']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      typeof value === 'object'
        ? value.map((item, index) => [`${name}.${index + 1}`, item])
        : [[name, String(value)]],
    ),
  );
}
