import { HOUR } from '../../clock.ts';

/** An access key that the API accepts. */
export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Makes the key temporary: every request must carry exactly this text as `SecurityToken`. */
  readonly securityToken?: string;
  /** When a temporary key expires, in milliseconds since the epoch. @default never */
  readonly expiration?: number;
  /** The role that a key of AssumeRole acts as. */
  readonly roleArn?: string;
  /**
   * The permanent key that was used to get a temporary key. Limits count calls of the temporary key as calls
   * of the permanent key. @default its own id
   */
  readonly countedAs?: string;
}

/** The key of the documents' own signature examples. */
export const DEFAULT_KEY: Key = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };

/** For this long after its expiry an issued key is refused as expired; later it is refused as unknown. */
const EXPIRED_KEYS_KEPT = HOUR;

/** The keys of the account, which may change while the simulator runs. */
export class Keys {
  readonly #keys = new Map<string, Key>();
  readonly #revoked = new Set<string>();

  constructor(keys: readonly Key[]) {
    for (const key of keys) this.add(key);
  }

  /** Adds a key, or replaces the key with the same id. A revoked key works again. */
  add(key: Key): void {
    this.#keys.set(key.accessKeyId, key);
    this.#revoked.delete(key.accessKeyId);
  }

  /** Adds a key that AssumeRole has made at `now`, and forgets keys of AssumeRole that expired long ago. */
  issue(key: Key, now: number): void {
    for (const { accessKeyId, roleArn, expiration = now } of this.#keys.values()) {
      if (roleArn !== undefined && expiration + EXPIRED_KEYS_KEPT < now) this.remove(accessKeyId);
    }
    this.add(key);
  }

  /** Deletes a key. Its calls get InvalidAccessKeyId.NotFound. */
  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
    this.#revoked.delete(accessKeyId);
  }

  /** Disables a key until it is added again. Its calls get InvalidAccessKeyId.Inactive. */
  revoke(accessKeyId: string): void {
    this.#revoked.add(accessKeyId);
  }

  all(): readonly Key[] {
    return [...this.#keys.values()];
  }

  find(accessKeyId: string): Key | undefined {
    return this.#keys.get(accessKeyId);
  }

  isRevoked(accessKeyId: string): boolean {
    return this.#revoked.has(accessKeyId);
  }
}
