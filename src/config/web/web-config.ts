import type { SecureContextOptions } from 'node:tls';

export interface WebConfig {
  readonly tls?: TlsConfig;
  readonly headers: Readonly<Record<string, string>>;
  /** Password hashes (bcrypt) by user name. When it is empty, no password is needed. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: RateLimitConfig;
}

export interface TlsConfig {
  /** Certificates, versions, ciphers and curves; OpenSSL has accepted them. */
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  /** A client's certificate must have one of these names; absent when any name is accepted. */
  readonly clientAllowedSans?: readonly string[];
}

export const CLIENT_AUTHS = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
/** Whether clients need a certificate, with the names of Go's crypto/tls. */
export type ClientAuth = (typeof CLIENT_AUTHS)[number];

/** A token bucket; each request takes a token. */
export interface RateLimitConfig {
  /** Milliseconds until one more token is added. */
  readonly interval: number;
  readonly burst: number;
}
