import { HOUR } from '../../clock.ts';

/** A key the API accepts. */
export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** A temporary key: every request must carry exactly this as `SecurityToken`. */
  readonly securityToken?: string;
  /** When a temporary key ends, in milliseconds since the epoch; @default never */
  readonly expiration?: number;
  /** The role that a key of AssumeRole acts as. */
  readonly roleArn?: string;
  /** Whose calls a temporary key's count as: the lasting key it was got with. @default its own */
  readonly countedAs?: string;
}

/** The key of the documents' own signature examples. */
export const DEFAULT_KEY: Key = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };

/** An issued key is known as expired for so long; then it was never there. */
const EXPIRED_KEYS_KEPT = HOUR;

/** The keys of the account, changeable while the simulator runs. */
export class Keys {
  readonly #keys = new Map<string, Key>();
  readonly #revoked = new Set<string>();

  constructor(keys: readonly Key[]) {
    for (const key of keys) this.add(key);
  }

  /** Adds a key, or replaces the one of the same id; a revoked one works again. */
  add(key: Key): void {
    this.#keys.set(key.accessKeyId, key);
    this.#revoked.delete(key.accessKeyId);
  }

  /** Adds a key that AssumeRole has made at `now`, and forgets such keys that ended long ago. */
  issue(key: Key, now: number): void {
    for (const { accessKeyId, roleArn, expiration = now } of this.#keys.values()) {
      if (roleArn !== undefined && expiration + EXPIRED_KEYS_KEPT < now) this.remove(accessKeyId);
    }
    this.add(key);
  }

  /** Deletes a key: from now on it was never there (InvalidAccessKeyId.NotFound). */
  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
    this.#revoked.delete(accessKeyId);
  }

  /** Disables a key: it is known and refused (InvalidAccessKeyId.Inactive) until added again. */
  revoke(accessKeyId: string): void {
    this.#revoked.add(accessKeyId);
  }

  /** Every key, disabled ones too. */
  all(): readonly Key[] {
    return [...this.#keys.values()];
  }

  /** Undefined when there is none of that id. */
  find(accessKeyId: string): Key | undefined {
    return this.#keys.get(accessKeyId);
  }

  isRevoked(accessKeyId: string): boolean {
    return this.#revoked.has(accessKeyId);
  }
}
