import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';

/** What holds between the keys of the file. */
export const webConfigRules: readonly Rule[] = [
  { at: 'tls_server_config', check: oneOfEach },
  { at: 'tls_server_config', check: clientCaIsUsed },
  { at: 'tls_server_config', check: sansNeedCertificates },
  { at: 'tls_server_config', check: versionsInOrder },
  { at: 'basic_auth_users', check: namesCanLogIn },
  { at: 'rate_limit', check: limitLetsThrough },
];

function* oneOfEach(tls: Mapping): Generator<Finding> {
  // As the toolkit has it, an empty section means no TLS.
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
  const has = tls['client_ca'] !== undefined || tls['client_ca_file'] !== undefined;
  if (!has || type !== 'NoClientCert') return;
  yield {
    path: ['client_auth_type'],
    expected: 'a type that asks clients for certificates, as there is a client CA',
    got: 'NoClientCert',
  };
}

/** Where a client may come without a certificate, there would be no name to look at. */
function* sansNeedCertificates(tls: Mapping): Generator<Finding> {
  const { client_auth_type: type = 'NoClientCert', client_allowed_sans: sans = [] } = tls;
  if (!Array.isArray(sans) || sans.length === 0 || typeof type !== 'string') return;
  if (type.startsWith('Require')) return;
  yield {
    path: ['client_allowed_sans'],
    expected: 'client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert with it',
    got: 'another',
  };
}

function* versionsInOrder({ min_version: min, max_version: max }: Mapping): Generator<Finding> {
  if (min !== 'TLS13' || max !== 'TLS12') return;
  yield { path: ['max_version'], expected: 'min_version or newer', got: 'an older one' };
}

function* namesCanLogIn(users: Mapping): Generator<Finding> {
  for (const name of Object.keys(users)) {
    // A user that is dropped without a word, as the last one, would open the server to everybody.
    if (name !== '__proto__' && name !== '' && !name.includes(':')) continue;
    yield { path: [name], expected: 'a user name, without a colon', got: 'another' };
  }
}

function* limitLetsThrough({ interval, burst }: Mapping): Generator<Finding> {
  if (interval === undefined || interval === 0 || interval === '0') return;
  if (burst !== undefined && burst !== 0) return;
  yield { path: ['burst'], expected: 'at least 1, or nothing gets through', got: 'none' };
}
