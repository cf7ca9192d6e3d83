import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError, type ErrorKind } from '../../src/model/api-error.ts';
import { askEach } from '../../src/poll/strategies/ask-each.ts';
import { settle } from '../support/manual-clock.ts';

function failure(kind: ErrorKind, code?: string): ApiError {
  return new ApiError({ kind, operation: 'DescribeUserOnlineClients', detail: 'made up', code });
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `user${index}`);
}

const quietly = { parallel: 3, onProgress: () => {} };

describe('askEach', () => {
  it('asks each user once and never more at once than allowed', async () => {
    let atOnce = 0;
    let most = 0;
    const asked: string[] = [];
    const { answers, failure: failed } = await askEach({
      ...quietly,
      subjects: names(50),
      ask: async (userName: string) => {
        asked.push(userName);
        most = Math.max(most, ++atOnce);
        await settle();
        atOnce--;
        return 1;
      },
    });
    expect(asked.sort()).toEqual([...names(50)].sort());
    expect(most).toBe(3);
    expect(answers.size).toBe(50);
    expect(failed).toBeUndefined();
  });

  it('asks again about users who failed, after all others have answers', async () => {
    const asked: string[] = [];
    const { answers, failure: failed } = await askEach({
      ...quietly,
      parallel: 1,
      subjects: names(4),
      ask: async (userName: string) => {
        const again = asked.includes(userName);
        asked.push(userName);
        if (userName === 'user1' && !again) throw failure('timeout');
        return 1;
      },
    });
    expect(asked).toEqual(['user0', 'user1', 'user2', 'user3', 'user1']);
    expect(answers.size).toBe(4);
    expect(failed).toBeUndefined();
  });

  it('returns the other answers and the failure when a user fails twice', async () => {
    const { answers, failure: failed } = await askEach({
      ...quietly,
      subjects: names(4),
      ask: async (userName: string) => {
        if (userName === 'user1') throw failure('malformed');
        return 1;
      },
    });
    expect([...answers.keys()]).toEqual(['user0', 'user2', 'user3']);
    expect(failed?.kind).toBe('malformed');
  });

  it.each<[ErrorKind, string | undefined]>([
    ['unauthenticated', 'InvalidAccessKeyId.NotFound'],
    ['forbidden', 'Forbidden.RAM'],
    ['unsupported', 'InvalidAction.NotFound'],
    ['not-found', 'SAG.InstanceNoFound'],
  ])('stops asking at the first %s', async (kind, code) => {
    let asked = 0;
    const run = askEach({
      ...quietly,
      subjects: names(1000),
      ask: async () => {
        asked++;
        await settle();
        throw failure(kind, code);
      },
    });
    await expect(run).rejects.toMatchObject({ kind });
    expect(asked).toBeLessThanOrEqual(quietly.parallel);
  });

  it('has answers for all others when one half of the list fails', async () => {
    const refused = (userName: string): boolean => names(500).includes(userName);
    const { answers, failure: failed } = await askEach({
      ...quietly,
      subjects: names(1000),
      ask: async (userName: string) => {
        if (refused(userName)) throw failure('rejected');
        return 1;
      },
    });
    const others = names(1000).filter((userName) => !refused(userName));
    expect([...answers.keys()].sort()).toEqual([...others].sort());
    expect(failed?.kind).toBe('rejected');
  });

  it('keeps the answers and stops asking when the API stops answering', async () => {
    let asked = 0;
    const { answers, failure: failed } = await askEach({
      ...quietly,
      subjects: names(1000),
      ask: async () => {
        if (++asked > 100) throw failure('network');
        return 1;
      },
    });
    expect(answers.size).toBe(100);
    expect(failed?.kind).toBe('network');
    expect(asked).toBeLessThan(130);
  });

  it('throws when no user can be asked about', async () => {
    let asked = 0;
    const run = askEach({
      ...quietly,
      subjects: names(1000),
      ask: async () => {
        asked++;
        throw failure('network');
      },
    });
    await expect(run).rejects.toMatchObject({ kind: 'network' });
    expect(asked).toBeLessThan(30);
  });

  it('has an answer for each user who can be asked about in at most two attempts', async () => {
    // Twenty failures in a row end a pass; fewer than twenty failures never do.
    const someFailures = fc
      .array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 1, maxLength: 60 })
      .filter((times) => times.includes(0) && times.filter((each) => each > 0).length < 20);
    await fc.assert(
      fc.asyncProperty(
        someFailures,
        fc.integer({ min: 1, max: 8 }),
        async (failuresOf, parallel) => {
          const left = new Map<string, number>(
            failuresOf.map((times, index) => [`user${index}`, times]),
          );
          const ask = async (userName: string): Promise<string> => {
            const times = left.get(userName) ?? 0;
            left.set(userName, times - 1);
            if (times > 0) throw failure('unavailable');
            return `answer of ${userName}`;
          };
          const hopeless = failuresOf.filter((times) => times === 2).length;
          const { answers, failure: failed } = await askEach({
            subjects: [...left.keys()],
            ask,
            parallel,
            onProgress: () => {},
          });
          expect(answers.size).toBe(failuresOf.length - hopeless);
          for (const [userName, answer] of answers) expect(answer).toBe(`answer of ${userName}`);
          expect(failed !== undefined).toBe(hopeless > 0);
        },
      ),
    );
  });
});
