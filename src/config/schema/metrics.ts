import { DAY, SECOND } from '../../clock.ts';
import { parseDuration } from '../../input/duration.ts';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { flag, integer, list, oneOf, section, text, writtenDuration } from '../../input/values.ts';

/** Ten years. The start of a longer time would be before the exporter existed. */
const LONGEST_UNUSED = 3650 * DAY;

/** Each time takes a look at every user after every online pass, and an instance has a series for each. */
const MOST_UNUSED = 10;

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
  unused_after: list(writtenDuration(SECOND, LONGEST_UNUSED, '30d'))
    .max(MOST_UNUSED, { error: `at most ${MOST_UNUSED} durations` })
    .prefault(['30d', '90d'])
    .describe(
      'After which times without being online users count as unused in `sag_app_users_unused`, whose label `unused_for` has the text as it is written here; `[]` for none.',
    ),
})
  .prefault({})
  .describe('What is exposed.');

export const metricsRules: readonly Rule[] = [
  { at: 'metrics', check: mailNeedsPlainName },
  { at: 'metrics', check: hashNeedsKey },
  { at: 'metrics', check: omitNeedsInstanceDetail },
  { at: 'metrics', check: unusedTimesDiffer },
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

function* unusedTimesDiffer({ unused_after }: Mapping): Generator<Finding> {
  if (!Array.isArray(unused_after)) return;
  const times = unused_after.map((written: unknown) =>
    typeof written === 'string' ? parseDuration(written) : undefined,
  );
  for (const [index, time] of times.entries()) {
    const first = times.indexOf(time);
    if (time === undefined || first === index) continue;
    yield {
      path: ['unused_after', index],
      expected: 'a time that is not in the list yet',
      got: `the same time as unused_after[${first}]`,
    };
  }
}
