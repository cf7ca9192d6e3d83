import type { ErrorCode } from './errors.ts';

/**
 * The causes of the errors that any operation may answer with, roughly in the order of the checks.
 * Two kinds of codes name a parameter: `Missing<Parameter>` and `Invalid<Parameter>`.
 */
export const GATEWAY_ERRORS = {
  RequestEntityTooLarge: 'The body is larger than 256 KiB.',
  'InvalidApi.NotFound':
    'The path is not `/`; or the quirk `totals: gone` for DescribeSagOnlineClientStatistics.',
  UnsupportedHTTPMethod: 'The method is neither GET nor POST.',
  'InvalidParameter.Format': 'Format is neither JSON nor XML (upper or lower case).',
  'Missing<Parameter>':
    'A parameter is absent or empty: Action, Version, AccessKeyId, Timestamp, SignatureNonce, Signature (in ACS3 the headers in their place), or a required parameter of an operation that has no error of its own for it.',
  'InvalidAction.NotFound':
    'The API of that version has no such operation; names are case-sensitive. The key and the signature are not checked before.',
  InvalidSignatureMethod: 'SignatureMethod is not HMAC-SHA1, or in ACS3 not ACS3-HMAC-SHA256.',
  UnsupportedSignatureType: 'The request has a bearer token or a SignatureType.',
  'Invalid<Parameter>':
    'SignatureVersion, Version, PageNumber, PageSize, StatisticsDate, InstanceType or BusinessState has no valid value; or there are more than 50 UserNames.N or SmartAGIds.N.',
  IncompleteSignature:
    'Signature has the wrong form (it must be 27 characters of base64 and `=`, or in ACS3 64 hexadecimal digits), or an ACS3 request leaves Host, x-acs-content-sha256 or another x-acs header unsigned.',
  InvalidAccessKeyId:
    'There is no key of that id, and the id has characters other than letters, digits, `_`, `.` and `-`.',
  'InvalidAccessKeyId.NotFound': 'There is no key of that id, although the id is well formed.',
  'InvalidAccessKeyId.Inactive': 'The key was disabled.',
  'InvalidSecurityToken.MismatchWithAccessKey':
    'A key that is not temporary is sent with a SecurityToken.',
  MissingSecurityToken: 'A temporary key is sent without SecurityToken.',
  'InvalidSecurityToken.Malformed': 'SecurityToken is not the token of the key.',
  'InvalidSecurityToken.Expired': 'The temporary key has expired.',
  'InvalidTimeStamp.Format': 'Timestamp is not `YYYY-MM-DDThh:mm:ssZ`.',
  'InvalidTimeStamp.Expired':
    'Timestamp is more than 15 minutes (configurable) before or after the present time.',
  SignatureDoesNotMatch:
    'The signature does not fit the request and the secret. The message ends with the text that the simulator signed.',
  SignatureNonceUsed:
    'The key has used the nonce before, in a request whose timestamp is still inside the window.',
  'Throttling.User': 'A limit on the calls of one key is exceeded. By default there is no limit.',
  'Throttling.Api':
    'A limit on the calls of all keys to one operation is exceeded. By default there is no limit.',
  Forbidden: 'The operation is denied to the key or role.',
  'Forbidden.RAM': 'The same, with the quirk `denial`.',
  MissingParameter: 'In place of Missing<Parameter>, with the quirk `missing_parameter`.',
  SmartAccessGatewayInArrears:
    'A call about the users of an instance that has expired; only with the quirk `expired_instances`.',
  SmartAccessGatewayNotActivated: 'The same.',
  PermissionError: 'The same.',
  'InvalidSmartAGId.NotFound':
    'In place of SAG.InstanceNoFound, with the quirk `unknown_instance`.',
  InstanceNotExit: 'The same.',
  Throttling: 'Only as a fault.',
  'Rejected.Throttling': 'Only as a fault.',
  ServiceUnavailable: 'Only as a fault.',
  InternalError: 'Only as a fault.',
} as const satisfies Readonly<
  Partial<Record<ErrorCode | 'Missing<Parameter>' | 'Invalid<Parameter>', string>>
>;
