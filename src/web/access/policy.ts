import type { SecureContextOptions } from 'node:tls';

/** Who may use the server, and how. The loaded web configuration has this shape. */
export interface ServerPolicy {
  /** Absent: plain HTTP. It stays the same object until a setting in it changes. */
  readonly tls?: TlsSettings;
  /** Headers of every answer. They override the exporter's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Password hashes (bcrypt) by user name. Empty: no password is needed. */
  readonly users: ReadonlyMap<string, string>;
  /** Absent: unlimited. */
  readonly rateLimit?: RateLimit;
}

export interface TlsSettings {
  /** Has been checked: OpenSSL accepts it. */
  readonly context: SecureContextOptions;
  /** Whether clients must send a certificate. The names are those of Go's crypto/tls. */
  readonly clientAuth:
    | 'NoClientCert'
    | 'RequestClientCert'
    | 'RequireAnyClientCert'
    | 'VerifyClientCertIfGiven'
    | 'RequireAndVerifyClientCert';
  /** A client's certificate must have one of these names. Absent: any name will do. */
  readonly clientAllowedSans?: readonly string[];
}

/** A token bucket: each request takes one token. */
export interface RateLimit {
  /** Milliseconds until one token is added. */
  readonly interval: number;
  /** Tokens in a full bucket. */
  readonly burst: number;
}

/** Gives the policy, which may change while the server runs. Only a restart switches TLS on or off. */
export interface PolicySource {
  readonly current: ServerPolicy;
  /** Reads changed files. Resolves when `current` is up to date; never rejects. */
  refresh(): Promise<void>;
}
