import type { CodeAdvice, ErrorKind } from '../../model/api-error.ts';

interface CodeMeaning {
  readonly kind: ErrorKind;
  /** What to do about the code, if the advice of the kind does not fit. */
  readonly advice?: CodeAdvice;
  /** The code means this only when the message matches. */
  readonly message?: RegExp;
  /** The code means this only in the reply to a read. */
  readonly readsOnly?: true;
}

/** For codes such as ResourceConfiguring, ResourceInOperating and ConfigSynchronizing. */
const BUSY: CodeMeaning = { kind: 'unavailable', message: /try again later/i };

/**
 * The API's error codes. `X.*` stands for the code X and all codes that begin with `X.`; `X*` stands for all
 * codes that begin with X. A row for exactly one code takes precedence over these.
 */
const CODES: Readonly<Record<string, ErrorKind | CodeMeaning>> = {
  'Throttling.*': 'throttled',
  'Rejected.Throttling': 'throttled',
  'ServiceUnavailable*': 'unavailable',
  // The product's error page also lists this code with HTTP 403.
  InternalError: 'unavailable',
  InternalFailure: 'unavailable',
  UnknownError: 'unavailable',
  InnerServiceFailed: 'unavailable',
  // A new nonce is made for each try, so the next try succeeds.
  SignatureNonceUsed: 'unavailable',
  'Resource*': BUSY,
  'Config*': BUSY,
  'InvalidAccessKeyId.*': 'unauthenticated',
  'InvalidSecurityToken.*': 'unauthenticated',
  // A signature is valid only for some minutes before and after its time.
  'InvalidTimeStamp.*': {
    kind: 'unauthenticated',
    advice: 'clock',
  },
  SignatureDoesNotMatch: 'unauthenticated',
  IncompleteSignature: 'unauthenticated',
  MissingSecurityToken: 'unauthenticated',
  'Forbidden.*': 'forbidden',
  // `Forbbiden.SubUser` is the API's own spelling (EnableSmartAccessGatewayUser page). Other codes with that
  // spelling are expected.
  'Forbbiden.*': 'forbidden',
  'Forbbidden.*': 'forbidden',
  'Forbiden.*': 'forbidden',
  'NoPermission*': 'forbidden',
  // This code comes with HTTP 500.
  PermissionError: 'forbidden',
  // Both come with HTTP 500 on some pages of the product and with 400 on others.
  SmartAccessGatewayInArrears: 'inactive',
  SmartAccessGatewayNotActivated: 'inactive',
  'SAG.InstanceNoFound': 'not-found',
  'InvalidId.SMARTAG': 'not-found',
  'InvalidSmartAGId.NotFound': 'not-found',
  // The API's own spelling.
  InstanceNotExit: 'not-found',
  // The name is invalid, or no user has it. When a user is created, only the first is possible.
  'ClientUser.NameInvalid': {
    kind: 'not-found',
    advice: 'user-name',
    readsOnly: true,
  },
  'InvalidAction.NotFound': 'unsupported',
  'InvalidApi.NotFound': 'unsupported',
  InvalidVersion: 'unsupported',
  UnsupportedOperation: 'unsupported',
};

const MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map(
  Object.entries(CODES).map(([name, row]) => [name, typeof row === 'string' ? { kind: row } : row]),
);

/** The rows that stand for more than one code, each with the text that these codes begin with. */
const PREFIXES = [...MEANINGS].flatMap(([name, meaning]) =>
  name.endsWith('*') ? [{ prefix: name.slice(0, -1), meaning }] : [],
);

/**
 * Whether the text is exactly a code of the table. Such a text contains nothing of the request and may be
 * shown.
 */
export function isOwnCode(code: string): boolean {
  return MEANINGS.has(code);
}

function meaningOf(code: string): CodeMeaning | undefined {
  // With a dot added at its end, the code `Throttling` too begins with the prefix `Throttling.`.
  return (
    MEANINGS.get(code) ?? PREFIXES.find(({ prefix }) => `${code}.`.startsWith(prefix))?.meaning
  );
}

interface CodedFailure {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
  readonly writes: boolean;
}

/**
 * The kind of a failure that the API answered with a code. The code takes precedence over the HTTP status: an
 * InternalError comes with 403, throttling with 400.
 */
export function kindOf({ code, message, httpStatus, writes }: CodedFailure): ErrorKind {
  const meaning = meaningOf(code);
  if (meaning?.readsOnly && writes) return 'rejected';
  if (meaning && (meaning.message?.test(message) ?? true)) return meaning.kind;
  if (httpStatus === 429) return 'throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'unavailable' : 'rejected';
}

/** What to do about a code, if the advice of its kind does not fit. */
export function adviceOnCode(code: string): CodeAdvice | undefined {
  return meaningOf(code)?.advice;
}
