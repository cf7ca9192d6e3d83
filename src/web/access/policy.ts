import type { SecureContextOptions } from 'node:tls';

/** How the server is reached and by whom; a web configuration fits. */
export interface ServerPolicy {
  /** Absent: plain HTTP. One object as long as nothing of it changes. */
  readonly tls?: TlsSettings;
  /** Headers of every answer; they win over the server's own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Password hashes (bcrypt) by user name; without any, nobody is asked. */
  readonly users: ReadonlyMap<string, string>;
  /** Absent: as many requests as come. */
  readonly rateLimit?: RateLimit;
}

/** How the handshake of TLS is made. */
export interface TlsSettings {
  /** Known to be taken by OpenSSL. */
  readonly context: SecureContextOptions;
  /** What is asked of clients, by the names of Go's crypto/tls. */
  readonly clientAuth:
    | 'NoClientCert'
    | 'RequestClientCert'
    | 'RequireAnyClientCert'
    | 'VerifyClientCertIfGiven'
    | 'RequireAndVerifyClientCert';
  /** Names one of which a client's certificate must have; absent: any. */
  readonly clientAllowedSans?: readonly string[];
}

/** A bucket of tokens, one for each request. */
export interface RateLimit {
  /** Milliseconds in which one more request becomes possible. */
  readonly interval: number;
  /** Requests at once. */
  readonly burst: number;
}

/** Where the policy comes from, which may change while the server runs; TLS stays on or off. */
export interface PolicySource {
  readonly current: ServerPolicy;
  /** Resolves when `current` is what the operator wants now; never rejects. */
  refresh(): Promise<void>;
}
