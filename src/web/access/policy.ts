import type { SecureContextOptions } from 'node:tls';

/** Who may use the server, and how. The loaded web configuration has this shape. */
export interface ServerPolicy {
  /** Absent for plain HTTP. The object stays the same until one of its settings changes. */
  readonly tls?: TlsSettings;
  /** Headers of every answer. They override the exporter's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Password hashes (bcrypt) by user name. When there are none, no password is needed. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: RateLimit;
}

export interface TlsSettings {
  /** OpenSSL has accepted these settings. */
  readonly context: SecureContextOptions;
  /** Whether clients must send a certificate. The names are those of Go's crypto/tls. */
  readonly clientAuth:
    | 'NoClientCert'
    | 'RequestClientCert'
    | 'RequireAnyClientCert'
    | 'VerifyClientCertIfGiven'
    | 'RequireAndVerifyClientCert';
  /** A client's certificate must have one of these names. When absent, any name is accepted. */
  readonly clientAllowedSans?: readonly string[];
}

/** A token bucket: each request takes one token. */
export interface RateLimit {
  /** Milliseconds until one token is added. */
  readonly interval: number;
  readonly burst: number;
}

/** Gives the policy, which may change while the server runs. Only a restart switches TLS on or off. */
export interface PolicySource {
  readonly current: ServerPolicy;
  /** Reads changed files. Resolves when `current` is up to date; never rejects. */
  refresh(): Promise<void>;
}
