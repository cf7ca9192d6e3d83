import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Path } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { codeOf } from '../../system-error.ts';

/** A text in PEM and the key of the file it belongs to. */
export interface Pem {
  readonly path: Path;
  readonly text: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** What is wrong with the server's certificate and its key; never quotes either. */
export function* checkKeyPair(cert: Pem, key: Pem): Generator<Finding> {
  const certificate = certificatesIn(cert.text)?.[0];
  if (!certificate) yield { path: cert.path, expected: 'a certificate in PEM', got: UNREADABLE };
  const privateKey = privateKeyOf(key.text);
  if (!privateKey) {
    yield {
      path: key.path,
      expected: 'a private key in PEM without a passphrase',
      got: UNREADABLE,
    };
  }
  if (!certificate || !privateKey) return;
  if (certificate.checkPrivateKey(privateKey)) return;
  yield { path: key.path, expected: 'the key of the certificate', got: 'another' };
}

/** What OpenSSL has against settings of which each by itself is right. */
export function* checkContext(path: Path, options: SecureContextOptions): Generator<Finding> {
  try {
    createSecureContext(options);
  } catch (error) {
    // A code such as ERR_SSL_EE_KEY_TOO_SMALL.
    const got = codeOf(error) || 'an error';
    yield { path, expected: 'settings that OpenSSL takes', got };
  }
}

/** What is wrong with the certificates of those who sign clients' certificates. */
export function* checkClientCa(ca: Pem): Generator<Finding> {
  if (certificatesIn(ca.text)) return;
  yield { path: ca.path, expected: 'certificates in PEM', got: UNREADABLE };
}

const UNREADABLE = 'something that cannot be read as such';

/** At least one; undefined when there is none, or one that cannot be read. */
function certificatesIn(text: string): readonly X509Certificate[] | undefined {
  const blocks = text.match(CERTIFICATE) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    return certificates.length === 0 ? undefined : certificates;
  } catch {
    return undefined;
  }
}

function privateKeyOf(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}
