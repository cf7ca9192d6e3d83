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

/** Certificates are texts in PEM; names of versions, ciphers and curves are OpenSSL's. */
export interface TlsConfig {
  readonly cert: string;
  readonly key: string;
  readonly clientAuth: ClientAuth;
  /** Whose certificates of clients are taken; absent: those of the certificate authorities of Node.js. */
  readonly clientCa?: string;
  /** Names one of which a client's certificate must have; absent: any. */
  readonly clientAllowedSans?: readonly string[];
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** Absent: those of Node.js. */
  readonly ciphers?: readonly string[];
  readonly preferServerCiphers: boolean;
  /** Absent: those of Node.js. */
  readonly curves?: readonly string[];
}

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

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
