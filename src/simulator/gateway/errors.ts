import type { Reply } from './reply.ts';

/** One error of the API: its HTTP status and its exact text. */
interface ErrorText {
  readonly httpStatus: number;
  readonly message: string;
}

/**
 * Every error of the simulator. Status and text of the operations' errors are copied from their
 * pages. Those of the gateway (the errors that any operation may answer with) are copied from the
 * public error list and from real replies.
 */
export const ERRORS = {
  // Pages of the client-user operations.
  'SAG.InstanceIdEmpty': { httpStatus: 400, message: 'You must specify the SAG instance ID.' },
  'SAG.InstanceNoFound': { httpStatus: 400, message: 'The specified SAG instance does not exist.' },
  'ClientUser.NameEmpty': { httpStatus: 400, message: 'You must specify UserName.' },
  'ClientUser.NameInvalid': { httpStatus: 400, message: 'The specified UserName is invalid.' },

  // CreateSmartAccessGatewayClientUser page.
  'ClientUser.BandwidthInvalid': {
    httpStatus: 400,
    message: 'The specified Bandwidth is invalid.',
  },
  'ClientUser.EmailEmpty': { httpStatus: 400, message: 'You must specify UserEmail.' },
  'ClientUser.EmailInvalid': {
    httpStatus: 400,
    message: 'The format of the specified UserEmail is invalid.',
  },
  'ClientUser.InvalidClientIp': { httpStatus: 400, message: 'The specified ClientIp is invalid.' },
  'ClientUser.IpEmpty': { httpStatus: 400, message: 'You must specify ClientIp.' },
  'ClientUser.IpInvalid': { httpStatus: 400, message: 'The specified ClientIp is invalid.' },
  'ClientUser.UserExist': { httpStatus: 400, message: 'The specified user already exists.' },
  'ClientUser.UserOverLimit': {
    httpStatus: 400,
    message: 'The maximum number of users is exceeded.',
  },
  'SAG.CidrEmpty': { httpStatus: 400, message: 'You must specify the CIDR blocks of SAG.' },
  'ClientUser.PasswordInvalid': {
    httpStatus: 400,
    message: 'The specified password format is invalid.',
  },

  // DeleteSmartAccessGatewayClientUser page.
  'ClientUser.UserInUsing': {
    httpStatus: 400,
    message: 'The specified SAG user account is already in use this month. You cannot delete it.',
  },

  // Pages of EnableSmartAccessGatewayUser and DisableSmartAccessGatewayUser, with the spelling of these
  // pages.
  'Forbbiden.SubUser': {
    httpStatus: 400,
    message: 'You are not authorized to operate on the specified resource.',
  },

  // Pages of other operations on an instance. Operations about users answer with these errors only with
  // quirks.
  'InvalidSmartAGId.NotFound': {
    httpStatus: 400,
    message: 'The specified SmartAGId does not exist.',
  },
  InstanceNotExit: { httpStatus: 400, message: 'The specified instance does not exist.' },
  SmartAccessGatewayInArrears: {
    httpStatus: 500,
    message: 'The specified Smart Access Gateway has expired.',
  },
  SmartAccessGatewayNotActivated: {
    httpStatus: 500,
    message: 'The specified Smart Access Gateway has not been activated.',
  },
  PermissionError: {
    httpStatus: 500,
    message: 'User not authorized to operate on the specified resource.',
  },

  // DescribeSagOnlineClientStatistics and DescribeRegions pages.
  'InvalidId.SMARTAG': {
    httpStatus: 400,
    message: 'The specified smart access gateway instance ID does not exist.',
  },
  InnerServiceFailed: { httpStatus: 501, message: 'Call inner service failed.' },

  // AssumeRole page of STS.
  'InvalidParameter.RoleArn': {
    httpStatus: 400,
    message: 'The parameter RoleArn is wrongly formed.',
  },
  'InvalidParameter.RoleSessionName': {
    httpStatus: 400,
    message: 'The parameter RoleSessionName is wrongly formed.',
  },
  'InvalidParameter.DurationSeconds': {
    httpStatus: 400,
    message: 'The Min/Max value of DurationSeconds is 15min/1hr.',
  },
  'InvalidParameter.ExternalId': {
    httpStatus: 400,
    message: 'The parameter ExternalId is wrongly formed.',
  },
  'InvalidParameter.PolicyGrammar': {
    httpStatus: 400,
    message: 'The parameter Policy has not passed grammar check.',
  },
  'InvalidParameter.PolicySize': {
    httpStatus: 400,
    message: 'The size of Policy must be smaller than 2048 bytes.',
  },
  'EntityNotExist.Role': { httpStatus: 404, message: 'The specified Role not exists .' },
  NoPermission: {
    httpStatus: 403,
    message: 'You are not authorized to do this action. You should be authorized by RAM.',
  },

  // The gateway in front of the operations.
  InvalidAccessKeyId: {
    httpStatus: 404,
    message: 'Specified access key is not found or invalid.',
  },
  UnsupportedSignatureType: {
    httpStatus: 400,
    message: 'Specified signature type is not supported.',
  },
  'InvalidAccessKeyId.NotFound': {
    httpStatus: 404,
    message: 'Specified access key is not found.',
  },
  'InvalidAccessKeyId.Inactive': { httpStatus: 400, message: 'Specified access key is disabled.' },
  SignatureDoesNotMatch: {
    httpStatus: 400,
    message: 'Specified signature is not matched with our calculation.',
  },
  IncompleteSignature: {
    httpStatus: 400,
    message: 'The request signature does not conform to Aliyun standards.',
  },
  SignatureNonceUsed: {
    httpStatus: 400,
    message: 'Specified signature nonce was used already.',
  },
  InvalidSignatureMethod: {
    httpStatus: 400,
    message: 'Specified signature method is not valid.',
  },
  'InvalidTimeStamp.Format': {
    httpStatus: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidTimeStamp.Expired': {
    httpStatus: 400,
    message: 'Specified time stamp or date value is expired.',
  },
  MissingSecurityToken: {
    httpStatus: 400,
    message: 'SecurityToken is mandatory for this action.',
  },
  'InvalidSecurityToken.Expired': {
    httpStatus: 400,
    message: 'Specified SecurityToken is expired.',
  },
  'InvalidSecurityToken.Malformed': {
    httpStatus: 400,
    message: 'Specified SecurityToken is malformed.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    httpStatus: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  'InvalidAction.NotFound': {
    httpStatus: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidApi.NotFound': {
    httpStatus: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  'InvalidParameter.Format': {
    httpStatus: 400,
    message: 'Specified parameter format is not valid.',
  },
  UnsupportedHTTPMethod: {
    httpStatus: 400,
    message: 'This http method is not supported.',
  },
  RequestEntityTooLarge: {
    httpStatus: 413,
    message: 'The size of the request body exceeds the limit.',
  },
  Forbidden: {
    httpStatus: 403,
    message: 'User not authorized to operate on the specified resource.',
  },
  'Forbidden.RAM': {
    httpStatus: 403,
    message:
      "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
  },
  MissingParameter: {
    httpStatus: 403,
    message: 'The input parameter is missing, please check your input.',
  },
  'Throttling.User': {
    httpStatus: 400,
    message: 'Request was denied due to user flow control.',
  },
  'Throttling.Api': { httpStatus: 400, message: 'Request was denied due to api flow control.' },

  // Only faults answer with these errors.
  'Rejected.Throttling': {
    httpStatus: 400,
    message: 'Request was denied due to request throttling.',
  },
  Throttling: { httpStatus: 400, message: 'Request was denied due to request throttling.' },
  ServiceUnavailable: {
    httpStatus: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
  InternalError: {
    httpStatus: 500,
    message: 'The request processing has failed due to some unknown error, exception or failure.',
  },
} as const satisfies Readonly<Record<string, ErrorText>>;

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
  /** Further response headers. */
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
  const { httpStatus, message } = ERRORS[code];
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
