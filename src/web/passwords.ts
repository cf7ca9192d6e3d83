import { createHmac, randomBytes } from 'node:crypto';
import type { Lifetime } from '../http/lifetime.ts';
import { MOST_REMEMBERED, MOST_WAITING_CHECKS } from './limits.ts';
import { WaitingLine } from './waiting-line.ts';

/** What became of a request's credentials. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Compares a password with a bcrypt hash, away from the event loop. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

const BASIC = /^basic +([a-z0-9+/_-]+=*) *$/i;

/**
 * Checks names and passwords of HTTP basic authentication.
 *
 * A right password is remembered by a digest that is of no use outside of this process. Each attempt with a
 * wrong password costs the same work, that of one check at the highest cost of any user, whether there is
 * such a user or not: the time of the answer would tell otherwise. One check is made at a time, since each
 * takes a processor.
 */
export class Passwords {
  readonly #compare: Compare;
  readonly #secret = randomBytes(32);
  readonly #checks = new WaitingLine<boolean>();
  /** Digests of right passwords, the one used last at the end. */
  readonly #right = new Set<string>();

  constructor(compare: Compare = compareByBcrypt) {
    this.#compare = compare;
  }

  /**
   * @param authorization the request's header
   * @param users hashes by name, at least one
   * @param owner the lifetime of the request's response; a check that nothing waits for is not made
   */
  async check(
    authorization: string | undefined,
    users: ReadonlyMap<string, string>,
    owner: Lifetime,
  ): Promise<Verdict> {
    const given = parseBasic(authorization);
    if (!given) return 'wrong';
    const hash = users.get(given.name);
    const digest = this.#digest(given.name, hash ?? '', given.password);
    if (this.#right.delete(digest)) {
      this.#right.add(digest);
      return 'right';
    }
    if (!this.#checks.has(digest) && this.#checks.length >= MOST_WAITING_CHECKS) return 'busy';
    const matches = await this.#checks.wait(digest, owner, () =>
      this.#matches(given.password, hash, users),
    );
    if (!matches) return 'wrong';
    this.#remember(digest);
    return 'right';
  }

  /** @param hash absent: there is no such user */
  async #matches(
    password: string,
    hash: string | undefined,
    users: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    const highest = Math.max(...Array.from(users.values(), costOf));
    if (hash === undefined) {
      await this.#compare(password, standIn(highest));
      return false;
    }
    if (await this.#compare(password, hash)) return true;
    // The work doubles with each cost: a check at c and one at each of c to h - 1 are as much as one at h.
    for (let cost = costOf(hash); cost < highest; cost++) {
      await this.#compare(password, standIn(cost));
    }
    return false;
  }

  #remember(digest: string): void {
    this.#right.add(digest);
    const [oldest] = this.#right;
    if (this.#right.size > MOST_REMEMBERED && oldest !== undefined) this.#right.delete(oldest);
  }

  /** With the hash in it: a changed password forgets the old one. */
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

/** The logarithm of the work that a bcrypt hash takes, as it stands in `$2b$10$...`. */
function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

/** A hash of this cost that belongs to no password. */
function standIn(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

/** `$2y$`, as htpasswd writes it, is the same algorithm as `$2b$`, the one name that bcrypt knows. */
async function compareByBcrypt(password: string, hash: string): Promise<boolean> {
  // Loaded only where there are passwords, so that a start need not wait for it.
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(password, hash.replace(/^\$2y\$/, '$2b$'));
}
