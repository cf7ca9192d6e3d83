import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Path } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { codeOf } from '../../system-error.ts';

/** A text in PEM, and the path of the setting that it comes from. */
export interface Pem {
  readonly path: Path;
  readonly text: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Finds problems of the server's certificate and private key, without quoting them. */
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
  yield { path: key.path, expected: 'the key of the certificate', got: 'the key of another' };
}

/** Finds a combination of valid settings that OpenSSL refuses. */
export function* checkContext(path: Path, options: SecureContextOptions): Generator<Finding> {
  try {
    createSecureContext(options);
  } catch (error) {
    // The code is for example ERR_SSL_EE_KEY_TOO_SMALL.
    const got = codeOf(error) || 'an error';
    yield { path, expected: 'settings that OpenSSL accepts', got };
  }
}

export function* checkClientCa(ca: Pem): Generator<Finding> {
  if (certificatesIn(ca.text)) return;
  yield { path: ca.path, expected: 'certificates in PEM', got: UNREADABLE };
}

const UNREADABLE = 'a text that OpenSSL cannot read';

/** The certificates of the text; undefined when it has none, or one that OpenSSL cannot read. */
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
