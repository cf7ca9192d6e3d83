/** How the exporter treats one kind of error. Every property of a kind stands in ERROR_KINDS, and only there. */
interface KindPolicy {
  /** Explains the kind in the documents. */
  readonly meaning: string;
  readonly advice: string;
  readonly retry: 'yes' | 'once' | 'fresh-credentials' | 'no';
  /**
   * The part that is out of order. `account`: the whole account is paused. `instance`: perhaps only one of
   * the instances in the request. `operation`: this operation, in a region or on an instance. `api`: the API
   * as a whole, so that other instances meet the same error.
   */
  readonly trouble: 'account' | 'instance' | 'operation' | 'api';
  /** Whether every other call of the pass would fail in the same way. The pass then ends with this error. */
  readonly endsPass: boolean;
  /** Whether the other stages of the instance wait until its users can be read again. */
  readonly suspendsInstance?: true;
  /** Whether the error shows that the API knew the caller and answered. */
  readonly authenticated: boolean;
  /**
   * Whether a user may have been created although the call failed, because the call or the reply may be lost
   * on the way.
   */
  readonly creationUncertain: boolean;
  /** Set when the operation cannot be used until something is changed in the cloud. */
  readonly denied?: {
    /** Completes the sentence that begins with the name of the operation. */
    readonly predicate: string;
    /** Whether the operation cannot be used in the whole region, or only for the instance of the request. */
    readonly inWholeRegion: boolean;
  };
}

/** Every way in which a call can fail. The names are label values, log fields and documentation rows. */
export const ERROR_KINDS = {
  throttled: {
    meaning: 'The API refused the call because of flow control.',
    advice: 'Lower polling.requests_per_second, or try again when other programs make fewer calls.',
    retry: 'yes',
    trouble: 'api',
    endsPass: false,
    authenticated: true,
    creationUncertain: false,
  },
  timeout: {
    meaning: 'No complete reply came within the timeout.',
    advice: 'Check that the endpoint can be reached, or raise polling.timeout.',
    retry: 'yes',
    trouble: 'api',
    endsPass: false,
    authenticated: false,
    creationUncertain: true,
  },
  network: {
    meaning: 'The connection could not be made or broke.',
    advice: 'Check that the endpoint can be reached.',
    retry: 'yes',
    trouble: 'api',
    endsPass: false,
    authenticated: false,
    creationUncertain: true,
  },
  unavailable: {
    meaning: 'The API, or something before it, is temporarily out of order.',
    advice: 'Try again later.',
    retry: 'yes',
    trouble: 'api',
    endsPass: false,
    authenticated: false,
    creationUncertain: true,
  },
  malformed: {
    meaning: 'The reply said success but could not be understood.',
    advice:
      'Try again. If it fails again, look for something that changes replies, such as a proxy.',
    retry: 'once',
    trouble: 'operation',
    endsPass: false,
    authenticated: false,
    creationUncertain: true,
  },
  unauthenticated: {
    meaning: 'The credentials are missing, wrong or expired.',
    advice: 'Check the credentials of the account.',
    retry: 'fresh-credentials',
    trouble: 'account',
    endsPass: true,
    authenticated: false,
    creationUncertain: false,
  },
  forbidden: {
    meaning: 'The credentials lack the permission for the operation.',
    advice:
      'Permit the operation to the account (RAM policy). `sag-app-exporter doctor` prints the statement that is missing.',
    retry: 'no',
    trouble: 'operation',
    endsPass: true,
    authenticated: true,
    creationUncertain: false,
    denied: { predicate: 'is not permitted', inWholeRegion: false },
  },
  inactive: {
    meaning: 'The instance has expired or is not activated.',
    advice:
      'Renew or activate the instance in the Smart Access Gateway console, or leave it out (`exclude`). The exporter looks at it again at each polling.users_interval.',
    retry: 'no',
    trouble: 'instance',
    endsPass: true,
    suspendsInstance: true,
    authenticated: true,
    creationUncertain: false,
  },
  'not-found': {
    meaning: 'The instance or user does not exist.',
    advice: 'Check id and region of the instances that the configuration or the command names.',
    retry: 'no',
    trouble: 'instance',
    endsPass: true,
    authenticated: true,
    creationUncertain: false,
  },
  unsupported: {
    meaning: 'The API does not know the operation in this region.',
    advice: 'Check the region, and the endpoint if one is configured.',
    retry: 'no',
    trouble: 'operation',
    endsPass: true,
    authenticated: true,
    creationUncertain: false,
    denied: { predicate: 'is not known to the API', inWholeRegion: true },
  },
  rejected: {
    meaning: 'The API refused the request for another reason, which its code names.',
    advice: 'Look up the code in the documentation of the API. Its support needs the request id.',
    retry: 'no',
    trouble: 'instance',
    endsPass: false,
    authenticated: true,
    creationUncertain: false,
  },
} as const satisfies Record<string, KindPolicy>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** A kind that says that the operation cannot be used. */
export type DeniedKind = {
  [Kind in ErrorKind]: (typeof ERROR_KINDS)[Kind] extends { denied: object } ? Kind : never;
}[ErrorKind];

export const DENIED_KINDS: readonly DeniedKind[] = (Object.keys(ERROR_KINDS) as ErrorKind[]).filter(
  isDenied,
);

export function isDenied(kind: ErrorKind): kind is DeniedKind {
  return 'denied' in ERROR_KINDS[kind];
}

/** What to do about codes whose kind has an advice that does not fit. */
export const CODE_ADVICE = {
  clock: "Set the clock of this machine: it is too far from the API's.",
  'user-name': 'Check the name of the user.',
} as const;

export type CodeAdvice = keyof typeof CODE_ADVICE;

export interface ApiErrorFacts {
  readonly kind: ErrorKind;
  /** The API action, such as `DescribeUserOnlineClients`. */
  readonly operation: string;
  /** What happened, without any URL, key, token, signature or password. */
  readonly detail: string;
  readonly code?: string | undefined;
  /** What to do about this code, if the advice of the kind does not fit. */
  readonly codeAdvice?: CodeAdvice | undefined;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** Whether no call was made, because the name of the endpoint does not resolve. */
  readonly isUnresolved?: boolean;
  /** Milliseconds that the API asks to wait before the next call. */
  readonly retryAfter?: number | undefined;
}

/**
 * A failed call of the API. It is built from facts only and holds nothing of the original error, because the
 * SDK's errors carry the signed URL with key, token and password.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ErrorKind;
  readonly operation: string;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly isUnresolved: boolean;
  readonly retryAfter: number | undefined;
  readonly codeAdvice: CodeAdvice | undefined;

  constructor(facts: ApiErrorFacts) {
    super(
      `${facts.operation}: ${facts.code === undefined ? '' : `${facts.code}: `}${facts.detail}`,
    );
    this.kind = facts.kind;
    this.operation = facts.operation;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.httpStatus = facts.httpStatus;
    this.isUnresolved = facts.isUnresolved ?? false;
    this.retryAfter = facts.retryAfter;
    this.codeAdvice = facts.codeAdvice;
  }

  /** The row of ERROR_KINDS for the kind of this error. */
  get policy(): KindPolicy {
    return ERROR_KINDS[this.kind];
  }
}

/** Whether the call was not sent, because there were no credentials to sign it with. */
export function lacksCredentials(error: ApiError | undefined): boolean {
  return error?.kind === 'unauthenticated' && error.code === undefined;
}
