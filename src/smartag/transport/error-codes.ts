import type { ErrorKind } from '../../model/api-error.ts';

/** What an error code of the API means. */
interface CodeMeaning {
  readonly kind: ErrorKind;
  /** What to do, where the advice of the kind does not fit. */
  readonly advice?: string;
  /** The code means this only when the message matches. */
  readonly message?: RegExp;
  /** The code means this only in the reply to a read. */
  readonly readsOnly?: true;
}

/** ResourceConfiguring, ResourceInOperating, ConfigSynchronizing and the like. */
const BUSY: CodeMeaning = { kind: 'unavailable', message: /try again later/i };

/**
 * The API's error codes. `X.*` stands for the code X and all codes that begin with `X.`; `X*` stands for all
 * codes that begin with X. A row for exactly one code comes before these.
 */
const CODES: Readonly<Record<string, ErrorKind | CodeMeaning>> = {
  'Throttling.*': 'throttled',
  'Rejected.Throttling': 'throttled',
  'ServiceUnavailable*': 'unavailable',
  // Also with HTTP 403: the product's error page lists it so.
  InternalError: 'unavailable',
  InternalFailure: 'unavailable',
  UnknownError: 'unavailable',
  InnerServiceFailed: 'unavailable',
  // A new nonce is made for each try, so the next one passes.
  SignatureNonceUsed: 'unavailable',
  'Resource*': BUSY,
  'Config*': BUSY,
  'InvalidAccessKeyId.*': 'unauthenticated',
  'InvalidSecurityToken.*': 'unauthenticated',
  // A signature is valid only for the minutes around its time.
  'InvalidTimeStamp.*': {
    kind: 'unauthenticated',
    advice: "Set the clock of this machine: it is too far from the API's.",
  },
  SignatureDoesNotMatch: 'unauthenticated',
  IncompleteSignature: 'unauthenticated',
  MissingSecurityToken: 'unauthenticated',
  'Forbidden.*': 'forbidden',
  // `Forbbiden.SubUser` is the API's own spelling (EnableSmartAccessGatewayUser page); others are expected.
  'Forbbiden.*': 'forbidden',
  'Forbbidden.*': 'forbidden',
  'Forbiden.*': 'forbidden',
  'NoPermission*': 'forbidden',
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
  // An invalid name, or a name that no user has. When a user is created, it can only be an invalid one.
  'ClientUser.NameInvalid': {
    kind: 'not-found',
    advice: 'Check the name of the user.',
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

/** The rows that stand for more than one code, by what these codes begin with. */
const PREFIXES = [...MEANINGS].flatMap(([name, meaning]) =>
  name.endsWith('*') ? [{ prefix: name.slice(0, -1), meaning }] : [],
);

/** Whether the text is exactly a code of the table. Then it holds nothing of the request, and may be shown. */
export function isOwnCode(code: string): boolean {
  return MEANINGS.has(code);
}

function meaningOf(code: string): CodeMeaning | undefined {
  // With a dot at its end, the code `Throttling` too begins with the prefix `Throttling.`.
  return (
    MEANINGS.get(code) ?? PREFIXES.find(({ prefix }) => `${code}.`.startsWith(prefix))?.meaning
  );
}

/** An error code, and the facts that decide its meaning with it. */
interface CodedFailure {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
  /** Whether the refused operation writes. */
  readonly writes: boolean;
}

/**
 * The kind of a failure that the API answered with a code. The code decides before the HTTP status:
 * an InternalError comes with 403, throttling with 400.
 */
export function kindOf({ code, message, httpStatus, writes }: CodedFailure): ErrorKind {
  const meaning = meaningOf(code);
  if (meaning?.readsOnly && writes) return 'rejected';
  if (meaning && (meaning.message?.test(message) ?? true)) return meaning.kind;
  if (httpStatus === 429) return 'throttled';
  return httpStatus !== undefined && httpStatus >= 500 ? 'unavailable' : 'rejected';
}

/** What to do about a code, where the advice of its kind does not fit. */
export function adviceOnCode(code: string): string | undefined {
  return meaningOf(code)?.advice;
}
