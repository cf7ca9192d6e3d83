import { type Path, valueAt } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { isCutShort } from '../cut-short.ts';
import type { ClientAuth, WebConfig } from './web-config.ts';

export interface LoadedWebConfig {
  readonly config: WebConfig;
  readonly text: string;
}

interface Protection {
  /** The key of the setting. When the changed file has this key, its author weakens the protection on purpose. */
  readonly key: Path;
  /** Whether `next` protects less than `before`. */
  isWeaker(before: WebConfig, next: WebConfig): boolean;
  /** The text that weakens the protection on purpose; absent when only a restart weakens it. */
  readonly explicit?: string;
  readonly expected: string;
}

/** From the least strict to the strictest. */
const STRICTNESS: readonly ClientAuth[] = [
  'NoClientCert',
  'RequestClientCert',
  'VerifyClientCertIfGiven',
  'RequireAnyClientCert',
  'RequireAndVerifyClientCert',
];

const strictness = ({ tls }: WebConfig): number =>
  STRICTNESS.indexOf(tls?.clientAuth ?? 'NoClientCert');

const verifies = ({ tls }: WebConfig): boolean => tls?.clientAuth.includes('Verify') ?? false;

const tls = (key: string): Path => ['tls_server_config', key];

const PROTECTIONS: readonly Protection[] = [
  {
    key: ['basic_auth_users'],
    isWeaker: (before, next) => before.users.size > 0 && next.users.size === 0,
    expected: 'users, as before',
    explicit: 'basic_auth_users: {} to admit every client',
  },
  {
    key: tls('client_auth_type'),
    isWeaker: (before, next) => strictness(next) < strictness(before),
    expected: 'the client_auth_type in force',
    explicit: 'a weaker client_auth_type written out',
  },
  {
    key: tls('client_allowed_sans'),
    // When the file no longer requires certificates, the entry `client_auth_type` reports it.
    isWeaker: (before, next) =>
      before.tls?.clientAllowedSans !== undefined &&
      next.tls?.clientAllowedSans === undefined &&
      (next.tls?.clientAuth.startsWith('Require') ?? false),
    expected: 'names, as before',
    explicit: 'client_allowed_sans: [] to accept any name',
  },
  {
    // Without a client CA, a certificate from any public authority would be accepted.
    key: tls('client_ca_file'),
    isWeaker: (before, next) =>
      before.tls?.context.ca !== undefined && next.tls?.context.ca === undefined && verifies(next),
    expected: 'a client CA, as before',
  },
  {
    key: tls('min_version'),
    isWeaker: (before, next) =>
      before.tls?.context.minVersion === 'TLSv1.3' && next.tls?.context.minVersion === 'TLSv1.2',
    expected: 'TLS13, as before',
    explicit: 'min_version: TLS12 to accept the older version too',
  },
  {
    key: ['rate_limit'],
    isWeaker: (before, next) => before.rateLimit !== undefined && next.rateLimit === undefined,
    expected: 'a limit, as before',
    explicit: 'rate_limit: {} to have no limit',
  },
  {
    key: ['http_server_config', 'headers'],
    isWeaker: (before, next) =>
      Object.keys(before.headers).length > 0 && Object.keys(next.headers).length === 0,
    expected: 'headers, as before',
    explicit: 'headers: {} to send no headers',
  },
];

/**
 * Finds protection of the server that a changed file would weaken by omitting a key. A file that is being
 * rewritten in place is empty or incomplete for a moment, and may still be valid. So only a key that is
 * written in the file weakens protection.
 *
 * @param next `written` has the values of the file without defaults
 */
export function* findWeakerProtection(
  before: LoadedWebConfig,
  next: LoadedWebConfig & { readonly written: unknown },
): Generator<Finding> {
  if (isCutShort(before.text, next.text)) {
    const got = 'only the beginning of the earlier file, cut within a line';
    yield { path: [], expected: 'a whole file', got };
  }
  yield* findSwitchedTls(before.config, next.config);
  for (const { key, isWeaker, expected, explicit } of PROTECTIONS) {
    if (!isWeaker(before.config, next.config)) continue;
    // A key without a value counts as absent.
    if (explicit !== undefined && valueAt(next.written, key) !== undefined) continue;
    yield { path: key, expected: `${expected}, or ${explicit ?? 'a restart'}`, got: 'nothing' };
  }
}

function* findSwitchedTls(before: WebConfig, next: WebConfig): Generator<Finding> {
  if ((before.tls === undefined) === (next.tls === undefined)) return;
  const [expected, got] = next.tls
    ? ['no certificate', 'a certificate']
    : ['a certificate', 'no certificate'];
  yield {
    path: ['tls_server_config'],
    expected: `${expected}, as when the exporter was started`,
    got: `${got}; restart the exporter to switch TLS on or off`,
  };
}
