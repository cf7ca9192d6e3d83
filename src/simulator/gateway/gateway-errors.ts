import type { ErrorCode } from './errors.ts';

/**
 * What causes the errors that any operation may answer with, roughly in the order they are looked
 * for. Of two kinds the code names a parameter: `Missing<Parameter>` and `Invalid<Parameter>`.
 */
export const GATEWAY_ERRORS = {
  RequestEntityTooLarge: 'The body is larger than 256 KiB.',
  'InvalidApi.NotFound':
    'The path is not `/`; of DescribeSagOnlineClientStatistics, the quirk `totals: gone`.',
  UnsupportedHTTPMethod: 'Neither GET nor POST.',
  'InvalidParameter.Format': 'Format is neither JSON nor XML, in any case.',
  'Missing<Parameter>':
    'Action, Version, AccessKeyId, Timestamp, SignatureNonce, Signature (of ACS3: its headers for them), or a required parameter without an error of its own is absent or empty.',
  'InvalidAction.NotFound':
    'The API of that version has no such operation; names are case-sensitive. The key and the signature are not looked at.',
  InvalidSignatureMethod: 'SignatureMethod is not HMAC-SHA1; of ACS3: not ACS3-HMAC-SHA256.',
  UnsupportedSignatureType: 'A bearer token, or another SignatureType.',
  'Invalid<Parameter>':
    'SignatureVersion, Version, PageNumber, PageSize, StatisticsDate, InstanceType or BusinessState is none; more than 50 UserNames.N or SmartAGIds.N.',
  IncompleteSignature:
    'Signature cannot be one (27 characters of base64 and `=`; of ACS3: 64 hexadecimal digits), or an ACS3 request leaves Host, x-acs-content-sha256 or another x-acs header unsigned.',
  InvalidAccessKeyId:
    'No key of that id, which has other characters than letters, digits, `_`, `.` and `-`.',
  'InvalidAccessKeyId.NotFound': 'No key of that id, which could be one.',
  'InvalidAccessKeyId.Inactive': 'The key was disabled.',
  'InvalidSecurityToken.MismatchWithAccessKey': 'SecurityToken with a key that is not temporary.',
  MissingSecurityToken: 'A temporary key without SecurityToken.',
  'InvalidSecurityToken.Malformed': 'SecurityToken is not that of the key.',
  'InvalidSecurityToken.Expired': 'The temporary key has ended.',
  'InvalidTimeStamp.Format': 'Timestamp is not `YYYY-MM-DDThh:mm:ssZ`.',
  'InvalidTimeStamp.Expired': 'Timestamp lies more than 15 minutes (configurable) off, either way.',
  SignatureDoesNotMatch:
    'The signature is not that of the request; the message ends with what was signed here.',
  SignatureNonceUsed: 'The key has used the nonce, and its timestamp is still inside the window.',
  'Throttling.User': 'A limit on the calls of one key. None unless configured.',
  'Throttling.Api': 'A limit on the calls of all keys to one operation. None unless configured.',
  Forbidden: 'The operation is denied to the key or role.',
  'Forbidden.RAM': 'The same, with the switch `denial`.',
  MissingParameter: 'In place of Missing<Parameter>, with the switch `missingParameter`.',
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
