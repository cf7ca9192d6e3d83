import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';

export const webConfigRules: readonly Rule[] = [
  { at: 'tls_server_config', check: oneOfEach },
  { at: 'tls_server_config', check: clientCaIsUsed },
  { at: 'tls_server_config', check: sansNeedCertificates },
  { at: 'tls_server_config', check: versionsInOrder },
  { at: 'basic_auth_users', check: namesCanLogIn },
  { at: 'rate_limit', check: limitLetsThrough },
];

function* oneOfEach(tls: Mapping): Generator<Finding> {
  // As in the toolkit, an empty section means no TLS.
  if (Object.keys(tls).length === 0) return;
  for (const key of ['cert', 'key']) {
    const [inline, file] = [tls[key] !== undefined, tls[`${key}_file`] !== undefined];
    if (inline !== file) continue;
    const expected = `either ${key} or ${key}_file`;
    yield { path: [inline ? key : `${key}_file`], expected, got: inline ? 'both' : 'neither' };
  }
  if (tls['client_ca'] !== undefined && tls['client_ca_file'] !== undefined) {
    yield { path: ['client_ca'], expected: 'either client_ca or client_ca_file', got: 'both' };
  }
}

function* clientCaIsUsed(tls: Mapping): Generator<Finding> {
  const { client_auth_type: type = 'NoClientCert' } = tls;
  const hasCa = tls['client_ca'] !== undefined || tls['client_ca_file'] !== undefined;
  if (!hasCa || type !== 'NoClientCert') return;
  yield {
    path: ['client_auth_type'],
    expected: 'a type that asks clients for certificates, because there is a client CA',
    got: 'NoClientCert',
  };
}

/** A client without a certificate has no name that could be checked. */
function* sansNeedCertificates(tls: Mapping): Generator<Finding> {
  const { client_auth_type: type = 'NoClientCert', client_allowed_sans: sans = [] } = tls;
  if (!Array.isArray(sans) || sans.length === 0 || typeof type !== 'string') return;
  if (type.startsWith('Require')) return;
  yield {
    path: ['client_allowed_sans'],
    expected: 'client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert with it',
    got: 'another type',
  };
}

function* versionsInOrder({ min_version: min, max_version: max }: Mapping): Generator<Finding> {
  if (min !== 'TLS13' || max !== 'TLS12') return;
  yield { path: ['max_version'], expected: 'min_version or newer', got: 'an older version' };
}

function* namesCanLogIn(users: Mapping): Generator<Finding> {
  for (const name of Object.keys(users)) {
    // Zod drops a key `__proto__` silently. If that were the only user, every client would be admitted.
    if (name !== '__proto__' && name !== '' && !name.includes(':')) continue;
    yield {
      path: [name],
      expected: 'a user name without a colon',
      got: 'a name that cannot log in',
    };
  }
}

function* limitLetsThrough({ interval, burst }: Mapping): Generator<Finding> {
  if (interval === undefined || interval === 0 || interval === '0') return;
  if (burst !== undefined && burst !== 0) return;
  yield {
    path: ['burst'],
    expected: 'at least 1, because with 0 no request is answered',
    got: '0 or nothing',
  };
}
