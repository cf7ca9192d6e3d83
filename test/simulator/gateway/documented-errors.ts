/** Status and text of an error on the pages. */
export type DocumentedError = readonly [httpStatus: number, message: string];

const INSTANCE: Readonly<Record<string, DocumentedError>> = {
  'SAG.InstanceIdEmpty': [400, 'You must specify the SAG instance ID.'],
  'SAG.InstanceNoFound': [400, 'The specified SAG instance does not exist.'],
};

const NAME: Readonly<Record<string, DocumentedError>> = {
  'ClientUser.NameEmpty': [400, 'You must specify UserName.'],
  'ClientUser.NameInvalid': [400, 'The specified UserName is invalid.'],
};

const FORBIDDEN: Readonly<Record<string, DocumentedError>> = {
  Forbidden: [403, 'User not authorized to operate on the specified resource.'],
};

const SUB_USER: Readonly<Record<string, DocumentedError>> = {
  'Forbbiden.SubUser': [400, 'You are not authorized to operate on the specified resource.'],
  ...FORBIDDEN,
};

/** The error tables of the operations' pages, copied from them and not from the simulator. */
export const DOCUMENTED_ERRORS: Readonly<
  Record<string, Readonly<Record<string, DocumentedError>>>
> = {
  DescribeRegions: {
    ...FORBIDDEN,
    InnerServiceFailed: [501, 'Call inner service failed.'],
  },
  DescribeSmartAccessGateways: FORBIDDEN,
  DescribeSmartAccessGatewayClientUsers: INSTANCE,
  DescribeUserOnlineClients: { ...NAME, ...INSTANCE },
  DescribeUserOnlineClientStatistics: { ...NAME, ...INSTANCE },
  DescribeSagOnlineClientStatistics: {
    'InvalidId.SMARTAG': [400, 'The specified smart access gateway instance ID does not exist.'],
  },
  DescribeUserFlowStatistics: INSTANCE,
  CreateSmartAccessGatewayClientUser: {
    'ClientUser.BandwidthInvalid': [400, 'The specified Bandwidth is invalid.'],
    'ClientUser.EmailEmpty': [400, 'You must specify UserEmail.'],
    'ClientUser.EmailInvalid': [400, 'The format of the specified UserEmail is invalid.'],
    'ClientUser.InvalidClientIp': [400, 'The specified ClientIp is invalid.'],
    'ClientUser.IpEmpty': [400, 'You must specify ClientIp.'],
    'ClientUser.IpInvalid': [400, 'The specified ClientIp is invalid.'],
    ...NAME,
    'ClientUser.UserExist': [400, 'The specified user already exists.'],
    'ClientUser.UserOverLimit': [400, 'The maximum number of users is exceeded.'],
    'SAG.CidrEmpty': [400, 'You must specify the CIDR blocks of SAG.'],
    'ClientUser.PasswordInvalid': [400, 'The specified password format is invalid.'],
  },
  ModifySmartAccessGatewayClientUser: {
    'ClientUser.BandwidthInvalid': [400, 'The specified Bandwidth is invalid.'],
    ...NAME,
    ...INSTANCE,
  },
  DeleteSmartAccessGatewayClientUser: {
    ...INSTANCE,
    ...NAME,
    'ClientUser.UserInUsing': [
      400,
      'The specified SAG user account is already in use this month. You cannot delete it.',
    ],
  },
  EnableSmartAccessGatewayUser: SUB_USER,
  DisableSmartAccessGatewayUser: SUB_USER,
  KickOutClients: {
    'ClientUser.NameEmpty': [400, 'You must specify UserName.'],
    'SAG.InstanceNoFound': [400, 'The specified SAG instance does not exist.'],
  },
  ResetSmartAccessGatewayClientUserPassword: { ...NAME, ...INSTANCE },
  AssumeRole: {
    'InvalidParameter.DurationSeconds': [400, 'The Min/Max value of DurationSeconds is 15min/1hr.'],
    'InvalidParameter.ExternalId': [400, 'The parameter ExternalId is wrongly formed.'],
    'InvalidParameter.RoleArn': [400, 'The parameter RoleArn is wrongly formed.'],
    'InvalidParameter.RoleSessionName': [400, 'The parameter RoleSessionName is wrongly formed.'],
    'InvalidParameter.PolicyGrammar': [400, 'The parameter Policy has not passed grammar check.'],
    'InvalidParameter.PolicySize': [400, 'The size of Policy must be smaller than 2048 bytes.'],
    NoPermission: [
      403,
      'You are not authorized to do this action. You should be authorized by RAM.',
    ],
    'EntityNotExist.Role': [404, 'The specified Role not exists .'],
  },
};

/** The error of a code. All pages give a code the same text and status. */
export function documented(code: string): DocumentedError | undefined {
  for (const errors of Object.values(DOCUMENTED_ERRORS)) {
    if (Object.hasOwn(errors, code)) return errors[code];
  }
  return undefined;
}
