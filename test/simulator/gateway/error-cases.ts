import type { ErrorCode } from '../../../src/simulator/gateway/errors.ts';
import type { Role } from '../../../src/simulator/index.ts';
import { NEW_USER, OFFICE } from '../office.ts';

/** The version of the API that has the operation. */
export function versionOf(operation: string): string {
  return operation === 'AssumeRole' ? '2015-04-01' : '2018-03-13';
}

/** A call of an operation, and the documented error it gets. */
export type Case = readonly [operation: string, code: ErrorCode, own: Record<string, string>];

const USER_CALLS: readonly [string, Record<string, string>][] = [
  ['DescribeSmartAccessGatewayClientUsers', {}],
  ['DescribeUserOnlineClients', { UserName: 'li.wei017' }],
  ['DescribeUserOnlineClientStatistics', { 'UserNames.1': 'li.wei017' }],
  ['DescribeUserFlowStatistics', { 'UserNames.1': 'li.wei017' }],
  ['CreateSmartAccessGatewayClientUser', { UserMail: 'username@example.com' }],
  ['ModifySmartAccessGatewayClientUser', { UserName: 'li.wei017', Bandwidth: '1' }],
  ['DeleteSmartAccessGatewayClientUser', { UserName: 'wang.fang' }],
  ['EnableSmartAccessGatewayUser', { UserName: 'wang.fang' }],
  ['DisableSmartAccessGatewayUser', { UserName: 'li.wei017' }],
  ['KickOutClients', { Username: 'li.wei017' }],
  ['ResetSmartAccessGatewayClientUserPassword', { UserName: 'li.wei017' }],
];

/** Operations that change one user. */
const CHANGES = [
  'ModifySmartAccessGatewayClientUser',
  'DeleteSmartAccessGatewayClientUser',
  'EnableSmartAccessGatewayUser',
  'DisableSmartAccessGatewayUser',
  'ResetSmartAccessGatewayClientUserPassword',
];

/** A role that may be assumed. */
export const ROLE = {
  RoleArn: 'acs:ram::1234567890123456:role/sag-reader',
  RoleSessionName: 'exporter',
};

/** A role that requires an external id. */
const GUARDED_ROLE: Role = {
  arn: 'acs:ram::1234567890123456:role/guarded',
  externalId: 'the-right-one',
};

/** The roles of the cases. */
export const ROLES: readonly Role[] = [{ arn: ROLE.RoleArn }, GUARDED_ROLE];

const assume = (code: ErrorCode, more: Record<string, string>): Case => [
  'AssumeRole',
  code,
  { ...ROLE, ...more },
];

const create = (code: ErrorCode, more: Record<string, string>): Case => [
  'CreateSmartAccessGatewayClientUser',
  code,
  { ...NEW_USER, ...more },
];

/** Requests to the office world, each with the error that answers it. */
export const ERROR_CASES: readonly Case[] = [
  ...USER_CALLS.flatMap(([operation, own]): Case[] => [
    [operation, 'SAG.InstanceIdEmpty', { ...own, RegionId: 'cn-shanghai' }],
    [operation, 'SAG.InstanceIdEmpty', { ...own, RegionId: 'cn-shanghai', SmartAGId: '' }],
    [operation, 'SAG.InstanceNoFound', { ...own, ...OFFICE, SmartAGId: 'sag-none' }],
    [operation, 'SAG.InstanceNoFound', { ...own, ...OFFICE, SmartAGId: 'sag-box' }],
    [operation, 'SAG.InstanceNoFound', { ...own, ...OFFICE, RegionId: 'ap-southeast-1' }],
  ]),
  ['DescribeUserOnlineClients', 'ClientUser.NameEmpty', OFFICE],
  ['DescribeUserOnlineClients', 'ClientUser.NameEmpty', { ...OFFICE, UserName: '' }],
  ['DescribeUserOnlineClients', 'ClientUser.NameInvalid', { ...OFFICE, UserName: 'short' }],
  ['DescribeUserOnlineClients', 'ClientUser.NameInvalid', { ...OFFICE, UserName: '.li.wei017' }],
  ['DescribeUserOnlineClientStatistics', 'ClientUser.NameEmpty', OFFICE],
  ['DescribeUserOnlineClientStatistics', 'ClientUser.NameEmpty', { ...OFFICE, 'UserNames.1': '' }],
  [
    'DescribeUserOnlineClientStatistics',
    'ClientUser.NameInvalid',
    { ...OFFICE, 'UserNames.1': 'li.wei017', 'UserNames.2': 'no spaces' },
  ],
  [
    'DescribeSagOnlineClientStatistics',
    'InvalidId.SMARTAG',
    { RegionId: 'cn-shanghai', 'SmartAGIds.1': 'sag-office', 'SmartAGIds.2': 'sag-none' },
  ],
  [
    'DescribeSagOnlineClientStatistics',
    'InvalidId.SMARTAG',
    { RegionId: 'cn-shanghai', 'SmartAGIds.1': 'sag-abroad' },
  ],
  create('SAG.CidrEmpty', { SmartAGId: 'sag-bare' }),
  create('ClientUser.EmailEmpty', { UserMail: '' }),
  create('ClientUser.EmailInvalid', { UserMail: 'username' }),
  create('ClientUser.EmailInvalid', { UserMail: 'user name@example.com' }),
  create('ClientUser.EmailInvalid', { UserMail: 'username@example' }),
  create('ClientUser.NameEmpty', { UserName: '' }),
  create('ClientUser.NameInvalid', { UserName: 'doctes' }),
  create('ClientUser.NameInvalid', { UserName: 'd'.repeat(34) }),
  create('ClientUser.NameInvalid', { UserName: '-doctest' }),
  create('ClientUser.NameInvalid', { UserName: 'doctest+1' }),
  create('ClientUser.PasswordInvalid', { Password: '' }),
  create('ClientUser.PasswordInvalid', { Password: 'duuf123' }),
  create('ClientUser.PasswordInvalid', { Password: 'd'.repeat(33) }),
  create('ClientUser.PasswordInvalid', { Password: '_duuf1234' }),
  create('ClientUser.PasswordInvalid', { Password: 'duuf.1234' }),
  create('ClientUser.BandwidthInvalid', { Bandwidth: '0' }),
  create('ClientUser.BandwidthInvalid', { Bandwidth: '20001' }),
  create('ClientUser.BandwidthInvalid', { Bandwidth: '1.5' }),
  create('ClientUser.BandwidthInvalid', { Bandwidth: 'fast' }),
  create('ClientUser.IpEmpty', { ClientIp: '' }),
  create('ClientUser.IpInvalid', { ClientIp: '10.1.0.256' }),
  create('ClientUser.IpInvalid', { ClientIp: 'here' }),
  create('ClientUser.InvalidClientIp', { ClientIp: '10.2.0.5' }),
  create('ClientUser.InvalidClientIp', { ClientIp: '10.1.0.0' }),
  create('ClientUser.InvalidClientIp', { ClientIp: '10.1.0.9' }),
  create('ClientUser.UserExist', { UserName: 'li.wei017' }),
  create('ClientUser.UserOverLimit', { SmartAGId: 'sag-full' }),
  create('ClientUser.InvalidClientIp', { ClientIp: '10.1.0.255' }),
  create('ClientUser.IpInvalid', { ClientIp: '010.1.0.5' }),
  ...CHANGES.flatMap((operation): Case[] => [
    [operation, 'ClientUser.NameEmpty', OFFICE],
    [operation, 'ClientUser.NameEmpty', { ...OFFICE, UserName: '' }],
    [operation, 'ClientUser.NameInvalid', { ...OFFICE, UserName: 'nobody.here' }],
    [operation, 'ClientUser.NameInvalid', { ...OFFICE, UserName: '???' }],
  ]),
  ['KickOutClients', 'ClientUser.NameEmpty', OFFICE],
  ['KickOutClients', 'ClientUser.NameEmpty', { ...OFFICE, Username: '' }],
  // Names are case-sensitive, and this operation has its own name for the parameter.
  ['KickOutClients', 'ClientUser.NameEmpty', { ...OFFICE, UserName: 'li.wei017' }],
  ...['', '0', '20001', '-1', '2.5', 'fast', '1e3'].map(
    (Bandwidth): Case => [
      'ModifySmartAccessGatewayClientUser',
      'ClientUser.BandwidthInvalid',
      { ...OFFICE, UserName: 'li.wei017', Bandwidth },
    ],
  ),
  [
    'ModifySmartAccessGatewayClientUser',
    'ClientUser.EmailInvalid',
    { ...OFFICE, UserName: 'li.wei017', Email: 'nowhere' },
  ],
  [
    'DeleteSmartAccessGatewayClientUser',
    'ClientUser.UserInUsing',
    { ...OFFICE, UserName: 'li.wei017' },
  ],
  assume('InvalidParameter.RoleArn', { RoleArn: 'sag-reader' }),
  assume('InvalidParameter.RoleArn', { RoleArn: 'acs:ram::1234567890123456:user/alice' }),
  assume('InvalidParameter.RoleSessionName', { RoleSessionName: 'a' }),
  assume('InvalidParameter.RoleSessionName', { RoleSessionName: 'a'.repeat(65) }),
  assume('InvalidParameter.RoleSessionName', { RoleSessionName: 'a b' }),
  assume('InvalidParameter.ExternalId', { ExternalId: 'x' }),
  assume('InvalidParameter.ExternalId', { ExternalId: 'with space' }),
  assume('InvalidParameter.PolicySize', { Policy: `{"Version":"1"${' '.repeat(2048)}}` }),
  assume('InvalidParameter.PolicyGrammar', { Policy: 'allow all' }),
  assume('InvalidParameter.PolicyGrammar', { Policy: '{"Version":"1"}' }),
  assume('InvalidParameter.PolicyGrammar', { Policy: 'null' }),
  ...['899', '3601', '1e3', '-900', '15m'].map((DurationSeconds) =>
    assume('InvalidParameter.DurationSeconds', { DurationSeconds }),
  ),
  assume('EntityNotExist.Role', { RoleArn: 'acs:ram::1234567890123456:role/nobody' }),
  assume('NoPermission', { RoleArn: GUARDED_ROLE.arn }),
  assume('NoPermission', { RoleArn: GUARDED_ROLE.arn, ExternalId: 'wrong' }),
];
