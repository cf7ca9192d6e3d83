/** How a kind of failure is met. */
interface KindPolicy {
  /** What a reader of the metric's `reason` label or of a log line is told. */
  readonly meaning: string;
  /** Further tries of a read. */
  readonly retry: 'yes' | 'once' | 'fresh-credentials' | 'no';
  /** Whether every other call of the pass would fail in the same way, so that the pass ends with it. */
  readonly endsPass: boolean;
  /** Whether such an outcome shows that the API knew the caller and answered. */
  readonly authenticated: boolean;
  /** Whether it says something of the API as a whole, so that other instances meet it too. */
  readonly shared: boolean;
}

/** Every way in which a call can fail: metric label, log field and documentation row. */
export const ERROR_KINDS = {
  throttled: {
    meaning: 'The API refused the call because of flow control.',
    retry: 'yes',
    endsPass: false,
    authenticated: true,
    shared: true,
  },
  timeout: {
    meaning: 'No complete reply came within the timeout.',
    retry: 'yes',
    endsPass: false,
    authenticated: false,
    shared: true,
  },
  network: {
    meaning: 'The connection could not be made or broke.',
    retry: 'yes',
    endsPass: false,
    authenticated: false,
    shared: true,
  },
  unavailable: {
    meaning: 'The API, or something before it, is temporarily out of order.',
    retry: 'yes',
    endsPass: false,
    authenticated: false,
    shared: true,
  },
  malformed: {
    meaning: 'The reply said success but could not be understood.',
    retry: 'once',
    endsPass: false,
    authenticated: false,
    shared: false,
  },
  unauthenticated: {
    meaning: 'The credentials are missing, wrong or expired.',
    retry: 'fresh-credentials',
    endsPass: true,
    authenticated: false,
    shared: false,
  },
  forbidden: {
    meaning: 'The credentials lack the permission for the operation.',
    retry: 'no',
    endsPass: true,
    authenticated: true,
    shared: false,
  },
  inactive: {
    meaning: 'The instance has expired or is not activated.',
    retry: 'no',
    endsPass: true,
    authenticated: true,
    shared: false,
  },
  'not-found': {
    meaning: 'The instance or user does not exist.',
    retry: 'no',
    endsPass: true,
    authenticated: true,
    shared: false,
  },
  unsupported: {
    meaning: 'The API does not know the operation in this region.',
    retry: 'no',
    endsPass: true,
    authenticated: true,
    shared: false,
  },
  rejected: {
    meaning: 'The API refused the request for another reason, which its code names.',
    retry: 'no',
    endsPass: false,
    authenticated: true,
    shared: false,
  },
} as const satisfies Record<string, KindPolicy>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** What is known of a failed call. */
export interface ApiErrorFacts {
  readonly kind: ErrorKind;
  /** The API action, such as `DescribeUserOnlineClients`. */
  readonly operation: string;
  /** What happened, without any URL, key, token, signature or password. */
  readonly detail: string;
  /** The API's own error code. */
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** Whether no call was made, because the name of the endpoint does not resolve. */
  readonly isUnresolved?: boolean;
  /** How long the API asks to wait before the next call, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/**
 * A failed call of the API. It is built from facts only and holds nothing of the error it came
 * from: the SDK's errors carry the signed URL with key, token and password.
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
  }
}

/** Whether a call was not even sent, because there was nothing to sign it with. */
export function lacksCredentials(error: ApiError | undefined): error is ApiError {
  return error?.kind === 'unauthenticated' && error.code === undefined;
}
