import { createHmac, randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { MOST_REMEMBERED, MOST_WAITING_CHECKS } from './limits.ts';

/** What became of a request's credentials. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Compares a password with a bcrypt hash, away from the event loop. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

const BASIC = /^basic +([a-z0-9+/_-]+=*) *$/i;

/**
 * Checks names and passwords of HTTP basic authentication. A right password is remembered, by a
 * digest that tells nothing outside of this process. A wrong one costs a whole check each time, also
 * where there is no such user, so that the time tells nothing; one check is made at a time, as each
 * takes a processor.
 */
export class Passwords {
  readonly #compare: Compare;
  readonly #secret = randomBytes(32);
  readonly #checks = pLimit(1);
  /** Digests of what was right, the one used last at the end. */
  readonly #right = new Set<string>();
  readonly #checking = new Map<string, Promise<boolean>>();

  constructor(compare: Compare = compareByBcrypt) {
    this.#compare = compare;
  }

  /**
   * @param authorization the request's header
   * @param users hashes by name, at least one
   */
  async check(
    authorization: string | undefined,
    users: ReadonlyMap<string, string>,
  ): Promise<Verdict> {
    const given = parseBasic(authorization);
    if (!given) return 'wrong';
    const own = users.get(given.name);
    const [anyHash = ''] = users.values();
    const hash = own ?? anyHash;
    const digest = this.#digest(given.name, own ?? '', given.password);
    if (this.#right.delete(digest)) {
      this.#right.add(digest);
      return 'right';
    }
    const checking = this.#checking.get(digest) ?? this.#begin(digest, given.password, hash);
    if (!checking) return 'busy';
    const matches = await checking;
    if (!matches || own === undefined) return 'wrong';
    this.#remember(digest);
    return 'right';
  }

  #begin(digest: string, password: string, hash: string): Promise<boolean> | undefined {
    if (this.#checks.pendingCount >= MOST_WAITING_CHECKS) return undefined;
    const checking = this.#checks(() => this.#compare(password, hash)).finally(() =>
      this.#checking.delete(digest),
    );
    this.#checking.set(digest, checking);
    return checking;
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

/** `$2y$`, as htpasswd writes it, is the same algorithm as `$2b$`, the one name that bcrypt knows. */
async function compareByBcrypt(password: string, hash: string): Promise<boolean> {
  // Loaded only where there are passwords, so that a start need not wait for it.
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(password, hash.replace(/^\$2y\$/, '$2b$'));
}
