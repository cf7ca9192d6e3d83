import type { SecureContextOptions } from 'node:tls';

/** How the web side is served and to whom, as a file of the Prometheus exporter toolkit says it. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls?: TlsConfig;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Password hashes (bcrypt) by user name; without any, nobody is asked. */
  readonly users: ReadonlyMap<string, string>;
  /** Absent: as many requests as come. */
  readonly rateLimit?: RateLimitConfig;
}

/** How the handshake of TLS is made. */
export interface TlsConfig {
  /** Certificates, versions, ciphers and curves, as OpenSSL has taken them already. */
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  /** Names one of which a client's certificate must have; absent: any. */
  readonly clientAllowedSans?: readonly string[];
}

export const CLIENT_AUTHS = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
/** What is asked of clients; the names are those of Go's crypto/tls. */
export type ClientAuth = (typeof CLIENT_AUTHS)[number];

/** A bucket of tokens, one for each request. */
export interface RateLimitConfig {
  /** Milliseconds in which one more request becomes possible. */
  readonly interval: number;
  /** Requests at once. */
  readonly burst: number;
}
