import { HOUR, SECOND } from '../../clock.ts';
import type { Random } from '../world/random.ts';
import type { Key, Keys } from './keys.ts';

/** A RAM role that AssumeRole gives temporary keys of. */
export interface Role {
  /** `acs:ram::<account id>:role/<role name>` */
  readonly arn: string;
  /** The longest session that may be asked for, in seconds. @default 3600 */
  readonly maxSessionSeconds?: number;
  /** Only who sends this ExternalId may assume it. @default anybody */
  readonly externalId?: string;
  /** Only this key may assume it. @default any key */
  readonly trusts?: string;
  /**
   * Its keys end so many milliseconds after they were made, whatever was asked for: shorter than the
   * 15 minutes of the API, for those who cannot wait. @default what was asked for
   */
  readonly endsAfterMs?: number;
}

/** One session of a role. */
export interface RoleSession {
  readonly key: Key & { readonly securityToken: string; readonly expiration: number };
  /** 16 digits and more, the same for every session of the role. */
  readonly roleId: string;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789';
/** As long as those of the API. */
const KEY_ID_LENGTH = 24;
const SECRET_LENGTH = 44;
const TOKEN_LENGTH = 400;

/** Role id before the name's own part. */
const ROLE_ID_BASE = 300_000_000_000_000_000n;

/**
 * The roles of the account, changeable while the simulator runs. As long as none was ever named,
 * every role with a well-formed name is there, for an hour's session at most.
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

  /** Adds a role, or replaces the one of the same name. */
  add(role: Role): void {
    this.#roles ??= new Map();
    this.#roles.set(role.arn, role);
  }

  /** Deletes a role; keys that were got of it stay. */
  remove(arn: string): void {
    this.#roles ??= new Map();
    this.#roles.delete(arn);
  }

  /** Undefined when there is none of that name. */
  find(arn: string): Role | undefined {
    return this.#roles === undefined ? { arn } : this.#roles.get(arn);
  }

  /** Makes a temporary key that acts as the role, got with the key `by`. */
  assume(role: Role, by: string, seconds: number, now: number): RoleSession {
    const countedAs = this.#keys.find(by)?.countedAs ?? by;
    const key = {
      accessKeyId: `STS.${this.#letters(KEY_ID_LENGTH)}`,
      accessKeySecret: this.#letters(SECRET_LENGTH),
      securityToken: `CAIS${this.#letters(TOKEN_LENGTH)}==`,
      // The reply tells it in whole seconds.
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
