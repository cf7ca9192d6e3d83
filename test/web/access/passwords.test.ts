import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Lifetime } from '../../../src/http/lifetime.ts';
import { Passwords } from '../../../src/web/access/passwords.ts';
import { settle } from '../../support/manual-clock.ts';

const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
/** A stand-in for the bcrypt hash of a password. */
const hashOf = (password: string, cost = 10): string =>
  `$2b$${String(cost).padStart(2, '0')}$${Buffer.from(password).toString('hex').padEnd(53, '/')}`;

const USERS = new Map([
  ['alice', hashOf('a')],
  ['bob', hashOf('b')],
]);

/** The lifetime of a request whose client waits for as long as it takes. */
const patient = (): Lifetime => new Lifetime(new Socket());

const basic = (credentials: string): string =>
  `Basic ${Buffer.from(credentials).toString('base64')}`;

/** Password checks that the test ends. The password `x` matches `hashOf('x')` at any cost. */
function bench() {
  const checks: { readonly password: string; readonly hash: string; end(): void }[] = [];
  const passwords = new Passwords(
    (password, hash) =>
      new Promise((resolve) => {
        checks.push({
          password,
          hash,
          end: () => resolve(hash.slice(7) === hashOf(password).slice(7)),
        });
      }),
  );
  /** Ends each check when it begins, until the result is known. */
  const verdict = async (header: string | undefined, users = USERS) => {
    let result: string | undefined;
    const before = checks.length;
    void passwords.check(header, users, patient()).then((verdict) => {
      result = verdict;
    });
    while (result === undefined) {
      await settle();
      for (const check of checks.slice(before)) check.end();
    }
    return { result, checked: checks.length - before };
  };
  return { passwords, checks, verdict };
}

describe('a password', () => {
  it('is right for its user only', async () => {
    const { verdict } = bench();
    expect(await verdict(basic('alice:a'))).toEqual({ result: 'right', checked: 1 });
    expect(await verdict(basic('bob:a'))).toEqual({ result: 'wrong', checked: 1 });
    expect(await verdict(basic('bob:b'))).toEqual({ result: 'right', checked: 1 });
  });

  it('that was right is not checked again', async () => {
    const { verdict } = bench();
    await verdict(basic('alice:a'));
    expect(await verdict(basic('alice:a'))).toEqual({ result: 'right', checked: 0 });
  });

  it('that is wrong costs one check each time, also for an unknown user', async () => {
    const { verdict } = bench();
    for (let each = 0; each < 3; each++) {
      expect(await verdict(basic('alice:x'))).toEqual({ result: 'wrong', checked: 1 });
      expect(await verdict(basic('nobody:x'))).toEqual({ result: 'wrong', checked: 1 });
      // The password of a user together with an unknown name.
      expect(await verdict(basic('nobody:a'))).toEqual({ result: 'wrong', checked: 1 });
    }
  });

  it('that is wrong costs the same work for every name, although the hashes have different costs', async () => {
    const { checks, verdict } = bench();
    const users = new Map([4, 7, 10, 12].map((cost) => [`u${cost}`, hashOf('right', cost)]));
    const workOf = async (name: string): Promise<number> => {
      const before = checks.length;
      await verdict(basic(`${name}:wrong`), users);
      return checks.slice(before).reduce((sum, { hash }) => sum + 2 ** Number(hash.slice(4, 6)), 0);
    };
    for (const name of ['nobody', '', ...users.keys()]) expect(await workOf(name)).toBe(2 ** 12);
  });

  it('is not checked once every request that waited for it is over', async () => {
    const { passwords, checks } = bench();
    const under = passwords.check(basic('alice:x'), USERS, patient());
    const [one, other] = [patient(), patient()];
    const left = [one, other].map((owner) => passwords.check(basic('alice:y'), USERS, owner));
    const shared = [one, patient()].map((owner) => passwords.check(basic('bob:b'), USERS, owner));
    one.end();
    other.end();
    checks[0]?.end();
    await settle();
    expect(checks.map(({ password }) => password)).toEqual(['x', 'b']);
    checks[1]?.end();
    expect(await Promise.all([under, ...left])).toEqual(['wrong', 'wrong', 'wrong']);
    expect(await shared[1]).toBe('right');
  });

  it('is forgotten when its hash changes or its user is removed', async () => {
    const { verdict } = bench();
    await verdict(basic('alice:a'));
    const changed = new Map([['alice', hashOf('new')]]);
    expect((await verdict(basic('alice:a'), changed)).result).toBe('wrong');
    expect((await verdict(basic('alice:new'), changed)).result).toBe('right');
    expect((await verdict(basic('alice:new'), new Map([['bob', hashOf('x')]]))).result).toBe(
      'wrong',
    );
  });

  it('may contain colons and any other character', async () => {
    const { verdict } = bench();
    const users = new Map([['李', hashOf('a:b:ü😀')]]);
    expect((await verdict(basic('李:a:b:ü😀'), users)).result).toBe('right');
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic ',
    'Bearer abc',
    basic('alice'),
    'Basic !!!',
    `Basic ${'='.repeat(10_000)}`,
    `${basic('alice:a')}, x`,
  ])('is missing in %j, so no check is made', async (header) => {
    expect(await bench().verdict(header)).toEqual({ result: 'wrong', checked: 0 });
  });

  it('is checked one at a time, while remembered passwords need not wait', async () => {
    const { passwords, checks, verdict } = bench();
    await verdict(basic('alice:a'));
    const waiting = ['x', 'y', 'z'].map((each) =>
      passwords.check(basic(`alice:${each}`), USERS, patient()),
    );
    await settle();
    expect(checks).toHaveLength(2);
    expect(await passwords.check(basic('alice:a'), USERS, patient())).toBe('right');
    for (let each = 1; each < 4; each++) {
      checks[each]?.end();
      await settle();
    }
    expect(await Promise.all(waiting)).toEqual(['wrong', 'wrong', 'wrong']);
  });

  it('that many requests send at once is checked once', async () => {
    const { passwords, checks } = bench();
    const verdictsToCome = Array.from({ length: 200 }, () =>
      passwords.check(basic('alice:a'), USERS, patient()),
    );
    await settle();
    checks[0]?.end();
    expect(new Set(await Promise.all(verdictsToCome))).toEqual(new Set(['right']));
    expect(checks).toHaveLength(1);
  });

  it('is not checked when too many wait already', async () => {
    const { passwords, checks } = bench();
    const verdictsToCome = Array.from({ length: 60 }, (_, each) =>
      passwords.check(basic(`alice:x${each}`), USERS, patient()),
    );
    await settle();
    expect(await verdictsToCome.at(-1)).toBe('busy');
    for (let each = 0; each < 60; each++) {
      checks[each]?.end();
      await settle();
    }
    const verdicts = await Promise.all(verdictsToCome);
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(9);
    expect(await Promise.race([passwords.check(basic('bob:c'), USERS, patient()), settle()])).toBe(
      undefined,
    );
  });

  it('is forgotten once a hundred others were used since', async () => {
    const { verdict } = bench();
    const users = new Map(Array.from({ length: 101 }, (_, i) => [`u${i}`, hashOf(`p${i}`)]));
    for (let i = 0; i < 101; i++) await verdict(basic(`u${i}:p${i}`), users);
    expect((await verdict(basic('u100:p100'), users)).checked).toBe(0);
    expect((await verdict(basic('u0:p0'), users)).checked).toBe(1);
  });

  it.each(['$2a$', '$2b$', '$2y$'])('is compared by bcrypt, with a hash of %s', async (prefix) => {
    const passwords = new Passwords();
    const users = new Map([
      ['bob', HASH.replace('$10$', '$04$')],
      ['alice', HASH.replace('$2y$', prefix)],
    ]);
    expect(await passwords.check(basic('nobody:fakepassword'), users, patient())).toBe('wrong');
    expect(await passwords.check(basic('alice:fakepassword'), users, patient())).toBe('right');
    expect(await passwords.check(basic('alice:fakepasswore'), users, patient())).toBe('wrong');
  });
});
