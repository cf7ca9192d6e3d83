import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeMessage } from '../../../src/smartag/transport/safe-message.ts';

const SECRETS = ['LTAI-key-id', 'key-secret', 'CAIS+to/ken!=', 'Pass_word-1'];

describe('safeMessage', () => {
  it.each([
    ["keeps the API's own sentence", 'The specified user already exists.', undefined],
    ['keeps words that only look alike', 'The string is too long to be signed.', undefined],
    [
      'cuts the echoed string to sign and all after it',
      'Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3Dx',
      'Specified signature is not matched with our calculation',
    ],
    ['cuts it however it is spelled', 'No match: StringToSign=POST&%2F&\nAction=b', 'No match'],
    [
      'drops addresses',
      'See https://host/?a=b and HTTP://u:p@host for more',
      'See <address> and <address> for more',
    ],
    ['hides secrets', 'key LTAI-key-id of key-secret', 'key <hidden> of <hidden>'],
    ['hides encoded secrets', 'a CAIS%2Bto%2Fken!%3D b', 'a <hidden> b'],
    ['hides secrets as they are signed', 'a CAIS%2Bto%2Fken%21%3D b', 'a <hidden> b'],
    ['hides secrets encoded twice', 'a CAIS%252Bto%252Fken%2521%253D b', 'a <hidden> b'],
    [
      'hides values of secret parameters',
      'a=b&Password=other&SecurityToken%3Dother&c=d',
      'a=b&Password=<hidden>&SecurityToken=<hidden>&c=d',
    ],
    [
      'hides a bare signature',
      'got OLeaidS1JvxuMvnyHOwuJ+uX5qY= and OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D',
      'got <hidden> and <hidden>',
    ],
    [
      'hides mail addresses',
      'the user "Ann.O@example.com" (<bob@example.org>) is gone',
      'the user "<hidden>" (<<hidden>>) is gone',
    ],
    ['is one line', ' one\r\n\ttwo ', 'one two'],
  ])('%s', (_, message, safe = message) => {
    expect(safeMessage(message, SECRETS)).toBe(safe);
  });

  it('hides a secret whole that contains another', () => {
    expect(safeMessage('a token-of-key b', ['key', 'token-of-key'])).toBe('a <hidden> b');
  });

  it('ignores an empty secret', () => {
    expect(safeMessage('as it is', [''])).toBe('as it is');
  });

  it('is well-formed although the message is not', () => {
    expect(safeMessage('a \ud800secret b', ['secret'])).toBe('a \ufffd<hidden> b');
  });

  it('is never long', () => {
    expect(safeMessage('word '.repeat(1000), []).length).toBeLessThanOrEqual(300);
  });

  it.each([' ', '.', 'string ', 'string to ', 'server ', 'a', '%25', 'http://'])(
    'is not held up by a message of nothing but %j',
    (part) => {
      // In quadratic time this would take minutes and exceed the test's timeout.
      expect(safeMessage(part.repeat(300_000), SECRETS).length).toBeLessThanOrEqual(300);
    },
  );

  it('hides secrets at any place and in any encoding', () => {
    // Keys, tokens and passwords have no blanks; shorter ones are parts of ordinary words.
    const secret = fc.string({
      unit: fc.constantFrom(...'abcXYZ019+/=-_.~@!*()%&?#'),
      minLength: 8,
      maxLength: 40,
    });
    const form = fc.constantFrom<(secret: string) => string>(
      (raw) => raw,
      encodeURIComponent,
      (raw) => encodeURIComponent(encodeURIComponent(raw)),
    );
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom(' ', 'server string to sign is:', '\n', '&'),
    );
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(words, fc.nat(), form), { maxLength: 8 }),
        (secrets, parts) => {
          const message = parts
            .map(([word, which, encode]) => word + encode(secrets[which % secrets.length] ?? ''))
            .join('');
          const safe = safeMessage(message, secrets);
          for (const one of secrets) {
            const once = encodeURIComponent(one);
            expect(safe).not.toContain(one);
            expect(safe).not.toContain(once);
            expect(safe).not.toContain(encodeURIComponent(once));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
