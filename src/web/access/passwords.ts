import { createHmac, randomBytes } from 'node:crypto';
import type { Lifetime } from '../../http/lifetime.ts';
import { MOST_REMEMBERED, MOST_WAITING_CHECKS } from '../limits.ts';
import { WaitingLine } from './waiting-line.ts';

/** `busy`: too many other checks wait already. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Compares a password with a bcrypt hash, away from the event loop. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

const BASIC = /^basic +([a-z0-9+/_-]+=*) *$/i;

/**
 * Checks names and passwords of HTTP basic authentication.
 *
 * A right password is remembered by a digest that is useless outside this process. Each attempt with a wrong
 * password takes as much work as one check at the highest cost of any user, even if there is no such user.
 * Otherwise the response time would tell which users exist. Checks are made one at a time, because each check
 * occupies a processor.
 */
export class Passwords {
  readonly #compare: Compare;
  readonly #secret = randomBytes(32);
  readonly #checks = new WaitingLine<boolean>();
  /** Digests of right passwords, in the order of their last use. */
  readonly #right = new Set<string>();

  constructor(compare: Compare = compareByBcrypt) {
    this.#compare = compare;
  }

  /**
   * @param authorization the request's header
   * @param users hashes by name, at least one
   * @param owner the lifetime of the request's response; a waiting check is skipped when all its requests are over
   */
  async check(
    authorization: string | undefined,
    users: ReadonlyMap<string, string>,
    owner: Lifetime,
  ): Promise<Verdict> {
    const credentials = parseBasic(authorization);
    if (!credentials) return 'wrong';
    const hash = users.get(credentials.name);
    const digest = this.#digest(credentials.name, hash ?? '', credentials.password);
    if (this.#right.delete(digest)) {
      this.#right.add(digest);
      return 'right';
    }
    if (!this.#checks.has(digest) && this.#checks.length >= MOST_WAITING_CHECKS) return 'busy';
    const matches = await this.#checks.wait(digest, owner, () =>
      this.#matches(credentials.password, hash, users),
    );
    if (!matches) return 'wrong';
    this.#remember(digest);
    return 'right';
  }

  /** @param hash absent when there is no such user */
  async #matches(
    password: string,
    hash: string | undefined,
    users: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    const highest = Math.max(...Array.from(users.values(), costOf));
    if (hash === undefined) {
      await this.#compare(password, standInHash(highest));
      return false;
    }
    if (await this.#compare(password, hash)) return true;
    // Each step of the cost doubles the work. So a check at cost c and one at each cost from c to h - 1 take
    // as long as one check at h.
    for (let cost = costOf(hash); cost < highest; cost++) {
      await this.#compare(password, standInHash(cost));
    }
    return false;
  }

  #remember(digest: string): void {
    this.#right.add(digest);
    const [oldest] = this.#right;
    if (this.#right.size > MOST_REMEMBERED && oldest !== undefined) this.#right.delete(oldest);
  }

  /** Includes the hash, so that a remembered password is no longer right once its hash has changed. */
  #digest(...parts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('base64');
  }
}

function parseBasic(
  header: string | undefined,
): { readonly name: string; readonly password: string } | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The cost in a bcrypt hash, such as 10 in `$2b$10$...`: the base-2 logarithm of the work. */
function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

function standInHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

/** htpasswd writes `$2y$`, another name of the algorithm `$2b$`. The bcrypt package knows only `$2b$`. */
async function compareByBcrypt(password: string, hash: string): Promise<boolean> {
  // Loaded here, so that a start without passwords does not wait for it.
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(password, hash.replace(/^\$2y\$/, '$2b$'));
}
