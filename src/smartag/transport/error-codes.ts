import type { ErrorKind } from '../../model/api-error.ts';

/** Codes with one meaning whatever follows them after a dot. */
const FAMILIES: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^Throttling(\.|$)/, 'throttled'],
  [/^Rejected\.Throttling$/, 'throttled'],
  [/^ServiceUnavailable/, 'unavailable'],
  [/^InvalidAccessKeyId(\.|$)/, 'unauthenticated'],
  [/^InvalidSecurityToken(\.|$)/, 'unauthenticated'],
  [/^InvalidTimeStamp(\.|$)/, 'unauthenticated'],
  // `Forbbiden.SubUser` is the API's own spelling (EnableSmartAccessGatewayUser page).
  [/^Forbb?idd?en(\.|$)/, 'forbidden'],
  [/^NoPermission/, 'forbidden'],
];

/** Codes whose whole text decides. */
const CODES: Readonly<Record<string, ErrorKind>> = {
  // Also with HTTP 403: the product's error page lists it so.
  InternalError: 'unavailable',
  InternalFailure: 'unavailable',
  UnknownError: 'unavailable',
  InnerServiceFailed: 'unavailable',
  // A new nonce is made for each try, so the next one passes.
  SignatureNonceUsed: 'unavailable',
  SignatureDoesNotMatch: 'unauthenticated',
  IncompleteSignature: 'unauthenticated',
  MissingSecurityToken: 'unauthenticated',
  // Comes with HTTP 500.
  PermissionError: 'forbidden',
  // Both come with HTTP 500 on some pages of the product and with 400 on others.
  SmartAccessGatewayInArrears: 'inactive',
  SmartAccessGatewayNotActivated: 'inactive',
  'SAG.InstanceNoFound': 'not-found',
  'InvalidId.SMARTAG': 'not-found',
  'InvalidSmartAGId.NotFound': 'not-found',
  // The API's own spelling.
  InstanceNotExit: 'not-found',
  'ClientUser.NameInvalid': 'not-found',
  'InvalidAction.NotFound': 'unsupported',
  'InvalidApi.NotFound': 'unsupported',
  InvalidVersion: 'unsupported',
  UnsupportedOperation: 'unsupported',
};

/** ResourceConfiguring, ResourceInOperating, ConfigSynchronizing: busy, and the message says to come back. */
const BUSY = /^(Resource|Config)/;
const BUSY_MESSAGE = /try again later/i;

/** Whether the text is a code of the API, letter by letter, and not something an answer brought along. */
export function isOwnCode(code: string): boolean {
  return Object.hasOwn(CODES, code);
}

/**
 * The kind of a failure that the API answered with a code. The code decides before the HTTP status:
 * an InternalError comes with 403, throttling with 400. A name that a write calls invalid is no
 * missing user.
 */
export function kindOf(failure: {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
  readonly writes: boolean;
}): ErrorKind {
  const { code, httpStatus } = failure;
  if (code === 'ClientUser.NameInvalid' && failure.writes) return 'rejected';
  const known = isOwnCode(code)
    ? CODES[code]
    : FAMILIES.find(([pattern]) => pattern.test(code))?.[1];
  if (known) return known;
  if (BUSY.test(code) && BUSY_MESSAGE.test(failure.message)) return 'unavailable';
  if (httpStatus === 429) return 'throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'unavailable' : 'rejected';
}
