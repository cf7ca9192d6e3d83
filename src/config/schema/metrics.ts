import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { flag, integer, oneOf, section, text } from '../../input/values.ts';

export const metrics = section({
  detail: oneOf(['instances', 'users', 'sessions'])
    .prefault('users')
    .describe('The finest things that get series of their own.'),
  user_name: oneOf(['plain', 'hash', 'omit'])
    .prefault('plain')
    .describe(
      'What the `user_name` label holds: the name (which may be a mail address), its keyed hash, or nothing.',
    ),
  hash_key_file: text('the path of a file')
    .optional()
    .describe(
      'File with the key of the hash (HMAC-SHA256, first 16 hex digits), relative to the configuration file; needed for `user_name: hash`.',
    ),
  user_mail: flag()
    .prefault(false)
    .describe(
      'Whether `sag_app_user_info` has the mail address; not together with a hashed or omitted name; a user name that is a mail address is exposed in any case.',
    ),
  session_age: flag()
    .prefault(true)
    .describe('Whether `sag_app_user_session_age_seconds` is exposed.'),
  max_user_series: integer(0)
    .prefault(1_000_000)
    .describe('How many per-user and per-session series are exposed at most.'),
})
  .prefault({})
  .describe('What is exposed.');

export const metricsRules: readonly Rule[] = [
  { at: 'metrics', check: mailOnlyBesideNames },
  { at: 'metrics', check: hashHasKey },
  { at: 'metrics', check: omitHasNoUsers },
];

function* mailOnlyBesideNames({ user_name, user_mail }: Mapping): Generator<Finding> {
  if (user_mail !== true || (user_name !== 'hash' && user_name !== 'omit')) return;
  yield { path: ['user_mail'], expected: `false with user_name: ${user_name}`, got: 'true' };
}

function* hashHasKey({ user_name, hash_key_file }: Mapping): Generator<Finding> {
  if (user_name !== 'hash' || hash_key_file !== undefined) return;
  yield { path: ['hash_key_file'], expected: 'a file with user_name: hash', got: 'nothing' };
}

function* omitHasNoUsers({ user_name, detail }: Mapping): Generator<Finding> {
  if (user_name !== 'omit' || detail === 'instances') return;
  yield { path: ['user_name'], expected: 'plain or hash without detail: instances', got: 'omit' };
}
