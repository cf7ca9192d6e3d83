import type { Reply } from './reply.ts';

/**
 * Every error of the simulator: the HTTP status it comes with and its exact text. Status and text of the
 * operations' errors are copied from the API's documentation; here and elsewhere in the simulator, a "page" is a
 * page of that documentation. Those of the gateway (the errors that any operation may answer with) are copied
 * from the public error list and from real replies.
 */
export const ERRORS = {
  // Pages of the client-user operations.
  'SAG.InstanceIdEmpty': [400, 'You must specify the SAG instance ID.'],
  'SAG.InstanceNoFound': [400, 'The specified SAG instance does not exist.'],
  'ClientUser.NameEmpty': [400, 'You must specify UserName.'],
  'ClientUser.NameInvalid': [400, 'The specified UserName is invalid.'],

  // CreateSmartAccessGatewayClientUser page.
  'ClientUser.BandwidthInvalid': [400, 'The specified Bandwidth is invalid.'],
  'ClientUser.EmailEmpty': [400, 'You must specify UserEmail.'],
  'ClientUser.EmailInvalid': [400, 'The format of the specified UserEmail is invalid.'],
  'ClientUser.InvalidClientIp': [400, 'The specified ClientIp is invalid.'],
  'ClientUser.IpEmpty': [400, 'You must specify ClientIp.'],
  'ClientUser.IpInvalid': [400, 'The specified ClientIp is invalid.'],
  'ClientUser.UserExist': [400, 'The specified user already exists.'],
  'ClientUser.UserOverLimit': [400, 'The maximum number of users is exceeded.'],
  'SAG.CidrEmpty': [400, 'You must specify the CIDR blocks of SAG.'],
  'ClientUser.PasswordInvalid': [400, 'The specified password format is invalid.'],

  // DeleteSmartAccessGatewayClientUser page.
  'ClientUser.UserInUsing': [
    400,
    'The specified SAG user account is already in use this month. You cannot delete it.',
  ],

  // Pages of EnableSmartAccessGatewayUser and DisableSmartAccessGatewayUser, which spell it so.
  'Forbbiden.SubUser': [400, 'You are not authorized to operate on the specified resource.'],

  // Pages of other operations on an instance. Operations about users give these only by quirks.
  'InvalidSmartAGId.NotFound': [400, 'The specified SmartAGId does not exist.'],
  InstanceNotExit: [400, 'The specified instance does not exist.'],
  SmartAccessGatewayInArrears: [500, 'The specified Smart Access Gateway has expired.'],
  SmartAccessGatewayNotActivated: [
    500,
    'The specified Smart Access Gateway has not been activated.',
  ],
  PermissionError: [500, 'User not authorized to operate on the specified resource.'],

  // DescribeSagOnlineClientStatistics and DescribeRegions pages.
  'InvalidId.SMARTAG': [400, 'The specified smart access gateway instance ID does not exist.'],
  InnerServiceFailed: [501, 'Call inner service failed.'],

  // AssumeRole page of STS.
  'InvalidParameter.RoleArn': [400, 'The parameter RoleArn is wrongly formed.'],
  'InvalidParameter.RoleSessionName': [400, 'The parameter RoleSessionName is wrongly formed.'],
  'InvalidParameter.DurationSeconds': [400, 'The Min/Max value of DurationSeconds is 15min/1hr.'],
  'InvalidParameter.ExternalId': [400, 'The parameter ExternalId is wrongly formed.'],
  'InvalidParameter.PolicyGrammar': [400, 'The parameter Policy has not passed grammar check.'],
  'InvalidParameter.PolicySize': [400, 'The size of Policy must be smaller than 2048 bytes.'],
  'EntityNotExist.Role': [404, 'The specified Role not exists .'],
  NoPermission: [403, 'You are not authorized to do this action. You should be authorized by RAM.'],

  // The gateway in front of the operations.
  InvalidAccessKeyId: [404, 'Specified access key is not found or invalid.'],
  UnsupportedSignatureType: [400, 'Specified signature type is not supported.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  SignatureDoesNotMatch: [400, 'Specified signature is not matched with our calculation.'],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  InvalidSignatureMethod: [400, 'Specified signature method is not valid.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [
    400,
    'Specified SecurityToken mismatch with the AccessKey.',
  ],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidApi.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidParameter.Format': [400, 'Specified parameter format is not valid.'],
  UnsupportedHTTPMethod: [400, 'This http method is not supported.'],
  RequestEntityTooLarge: [413, 'The size of the request body exceeds the limit.'],
  Forbidden: [403, 'User not authorized to operate on the specified resource.'],
  'Forbidden.RAM': [
    403,
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
  ],
  MissingParameter: [403, 'The input parameter is missing, please check your input.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  'Throttling.Api': [400, 'Request was denied due to api flow control.'],

  // Only faults give these.
  'Rejected.Throttling': [400, 'Request was denied due to request throttling.'],
  Throttling: [400, 'Request was denied due to request throttling.'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
  InternalError: [
    500,
    'The request processing has failed due to some unknown error, exception or failure.',
  ],
} as const satisfies Readonly<Record<string, readonly [httpStatus: number, message: string]>>;

export type ErrorCode = keyof typeof ERRORS;

/** Codes that may refuse calls about an expired instance. */
export const EXPIRED_CODES = [
  'SmartAccessGatewayInArrears',
  'SmartAccessGatewayNotActivated',
  'PermissionError',
] as const satisfies readonly ErrorCode[];

/** Codes that may refuse calls about an unknown instance. */
export const UNKNOWN_INSTANCE_CODES = [
  'SAG.InstanceNoFound',
  'InvalidSmartAGId.NotFound',
  'InstanceNotExit',
  'InvalidId.SMARTAG',
] as const satisfies readonly ErrorCode[];

export interface FaultExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the body, after those of every error. */
  readonly fields?: Reply;
}

/** An error of the API. Operations and rules throw it, and the gateway answers with it. */
export class ApiFault extends Error {
  override readonly name: string = 'ApiFault';
  readonly code: string;
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Reply;

  constructor(code: string, httpStatus: number, message: string, extras: FaultExtras = {}) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
    this.headers = extras.headers ?? {};
    this.fields = extras.fields ?? {};
  }
}

/** A mandatory parameter is missing. It has its own class because the documents name this error in two ways. */
export class MissingParameterFault extends ApiFault {
  override readonly name = 'MissingParameterFault';
}

/**
 * Creates an error of the table ERRORS.
 *
 * @param more is appended to its text
 */
export function apiFault(code: ErrorCode, more = '', extras: FaultExtras = {}): ApiFault {
  const [httpStatus, message] = ERRORS[code];
  return new ApiFault(code, httpStatus, message + more, extras);
}

/** Creates the error `MissingTimestamp` or one like it. */
export function missingParameter(name: string): ApiFault {
  return new MissingParameterFault(`Missing${name}`, 400, `${name} is mandatory for this action.`);
}

/** Creates the error `InvalidVersion` or one like it. */
export function invalidParameter(name: string): ApiFault {
  return new ApiFault(`Invalid${name}`, 400, `Specified parameter ${name} is not valid.`);
}
