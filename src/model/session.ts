/** One connected client of a user. */
export interface Session {
  /** Address of the client; empty when the API omits it. */
  readonly clientIp: string;
  /** Seconds since the epoch; absent when the API gives nothing that can be read as a time. */
  readonly start?: number;
}

/** A session together with its user. */
export interface UserSession {
  readonly userName: string;
  readonly session: Session;
}
