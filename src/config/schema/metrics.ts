import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { flag, integer, oneOf, section, text } from '../../input/values.ts';

export const metrics = section({
  detail: oneOf(['instances', 'users', 'sessions'])
    .prefault('users')
    .describe('The smallest things that have series of their own.'),
  user_name: oneOf(['plain', 'hash', 'omit'])
    .prefault('plain')
    .describe(
      'Content of the `user_name` label: the name (which may be a mail address), its keyed hash, or nothing.',
    ),
  hash_key_file: text('the path of a file').optional().meta({
    description:
      'File with the key of the hash (HMAC-SHA256, first 16 hex digits), required with `user_name: hash`; a relative path starts at the folder of the configuration file.',
    example: '/run/secrets/sag-hash-key',
  }),
  user_mail: flag()
    .prefault(false)
    .describe(
      'Whether `sag_app_user_info` has the mail address; refused with a hashed or omitted name; a plain user name that is a mail address is exposed in any case.',
    ),
  session_age: flag()
    .prefault(true)
    .describe('Whether `sag_app_user_session_age_seconds` is exposed.'),
  max_user_series: integer(0)
    .prefault(1_000_000)
    .describe('Maximum number of per-user and per-session series that are exposed.'),
})
  .prefault({})
  .describe('What is exposed.');

export const metricsRules: readonly Rule[] = [
  { at: 'metrics', check: mailNeedsPlainName },
  { at: 'metrics', check: hashNeedsKey },
  { at: 'metrics', check: omitNeedsInstanceDetail },
];

function* mailNeedsPlainName({ user_name, user_mail }: Mapping): Generator<Finding> {
  if (user_mail !== true || (user_name !== 'hash' && user_name !== 'omit')) return;
  yield { path: ['user_mail'], expected: `false, because user_name is ${user_name}`, got: 'true' };
}

function* hashNeedsKey({ user_name, hash_key_file }: Mapping): Generator<Finding> {
  if (user_name !== 'hash' || hash_key_file !== undefined) return;
  yield {
    path: ['hash_key_file'],
    expected: 'a key file, because user_name is hash',
    got: 'nothing',
  };
}

function* omitNeedsInstanceDetail({ user_name, detail }: Mapping): Generator<Finding> {
  if (user_name !== 'omit' || detail === 'instances') return;
  yield {
    path: ['user_name'],
    expected: 'plain or hash, because detail is not instances',
    got: 'omit',
  };
}
