import { HOUR, SECOND } from '../../clock.ts';
import type { Random } from '../world/random.ts';
import type { Key, Keys } from './keys.ts';

/** A RAM role for which AssumeRole issues temporary keys. */
export interface Role {
  /** `acs:ram::<account id>:role/<role name>` */
  readonly arn: string;
  /** The longest session that a call may ask for, in seconds. @default 3600 */
  readonly maxSessionSeconds?: number;
  /** Only calls with this ExternalId may assume the role. @default every call may */
  readonly externalId?: string;
  /** Only this key may assume the role. @default every key may */
  readonly trusts?: string;
  /**
   * Milliseconds after which a key of the role expires, in place of the requested duration. Tests use it,
   * because the API's shortest duration of 15 minutes is too long for them. @default the requested duration
   */
  readonly endsAfterMs?: number;
}

export interface RoleSession {
  readonly key: Key & { readonly securityToken: string; readonly expiration: number };
  /** At least 16 digits. Every session of the role has the same id. */
  readonly roleId: string;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';
/** Lengths of the API's keys, secrets and tokens. */
const KEY_ID_LENGTH = 24;
const SECRET_LENGTH = 44;
const TOKEN_LENGTH = 400;

/** Base of the role ids. The name of the role decides the rest. */
const ROLE_ID_BASE = 300_000_000_000_000_000n;

/**
 * The roles of the account, which may change while the simulator runs. As long as no role has ever
 * been configured, every role with a well-formed name exists, with sessions of at most an hour.
 */
export class Roles {
  readonly #keys: Keys;
  readonly #random: Random;
  #roles: Map<string, Role> | undefined;

  constructor(roles: readonly Role[] | undefined, keys: Keys, random: Random) {
    this.#keys = keys;
    this.#random = random;
    for (const role of roles ?? []) this.add(role);
    if (roles !== undefined) this.#roles ??= new Map();
  }

  add(role: Role): void {
    this.#roles ??= new Map();
    this.#roles.set(role.arn, role);
  }

  /** Deletes a role. Its keys remain valid. */
  remove(arn: string): void {
    this.#roles ??= new Map();
    this.#roles.delete(arn);
  }

  find(arn: string): Role | undefined {
    return this.#roles === undefined ? { arn } : this.#roles.get(arn);
  }

  /**
   * Makes a temporary key that acts as the role.
   *
   * @param by id of the key that asks for the temporary key
   */
  assume(role: Role, by: string, seconds: number, now: number): RoleSession {
    const countedAs = this.#keys.find(by)?.countedAs ?? by;
    const key = {
      accessKeyId: `STS.${this.#letters(KEY_ID_LENGTH)}`,
      accessKeySecret: this.#letters(SECRET_LENGTH),
      securityToken: `CAIS${this.#letters(TOKEN_LENGTH)}==`,
      // The reply has whole seconds.
      expiration: Math.floor((now + (role.endsAfterMs ?? seconds * SECOND)) / SECOND) * SECOND,
      roleArn: role.arn,
      countedAs,
    };
    this.#keys.issue(key, now);
    return { key, roleId: roleId(role.arn) };
  }

  #letters(count: number): string {
    return Array.from({ length: count }, () =>
      LETTERS.charAt(this.#random.below(LETTERS.length)),
    ).join('');
  }
}

/** Default of MaxSessionDuration (CreateRole page). */
export const DEFAULT_SESSION_SECONDS = HOUR / SECOND;

function roleId(arn: string): string {
  let sum = 0n;
  for (const char of arn) sum = (sum * 31n + BigInt(char.codePointAt(0) ?? 0)) % 10n ** 17n;
  return String(ROLE_ID_BASE + sum);
}
