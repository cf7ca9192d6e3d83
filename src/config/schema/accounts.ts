import { find, formatPath, isMapping, type Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import {
  flag,
  integer,
  list,
  regionId,
  secretWord,
  section,
  serverUrl,
  text,
} from '../../input/values.ts';

/** The account there is when none is configured. */
export const DEFAULT_ACCOUNT = { name: 'default' };

const KEY_ID_EXPECTED = 'the id of an access key';

/** Quotes, `$` and `<>` are left over from a script, a variable or an example. */
const KEY_ID = { pattern: /^\s*[\w.-]+\s*$/, of: 'letters, digits, dots, hyphens and underscores' };

const credentials = section({
  access_key_id: secretWord(KEY_ID_EXPECTED, KEY_ID)
    .optional()
    .describe('The id of the access key; only `role_arn` can do without.'),
  access_key_secret: secretWord('the secret of an access key')
    .optional()
    .describe('The secret of the access key; either this or `access_key_secret_file`.'),
  access_key_secret_file: text('the path of a file')
    .optional()
    .describe('File with the secret of the access key, relative to the configuration file.'),
  security_token: secretWord('a security token')
    .optional()
    .describe('The token that belongs to a temporary access key.'),
  role_arn: text('the ARN of a role such as acs:ram::123:role/monitoring', /^acs:ram::\S+$/)
    .optional()
    .describe(
      'The role to assume with the access key, or without one with what the default chain finds.',
    ),
  sts_endpoint: serverUrl()
    .optional()
    .describe(
      'Server of STS that is asked for the role; by default that of the region in ALIBABA_CLOUD_STS_REGION, else sts.aliyuncs.com.',
    ),
});

const KEY_PARTS = [
  'access_key_id',
  'access_key_secret',
  'access_key_secret_file',
  'security_token',
];

const instance = section({
  id: text('an instance id such as sag-abc123', /^\S+$/).describe('The id of the instance.'),
  region: regionId()
    .optional()
    .describe("The region of the instance; by default the account's only region."),
  users_limit: integer(1)
    .optional()
    .describe("How many users the instance may have; wins over the API's UserCount."),
});

/** An empty list keeps everything too: `discovery: false` is the way to watch nothing. */
const EVERYTHING = ['*'];

const globs = () => list(text('a glob such as sag-*'));

const account = section({
  name: text('a name').describe('The name of the account, its `account` label; unique.'),
  credentials: credentials
    .optional()
    .describe("The access key; by default Alibaba Cloud's default credential chain finds one."),
  endpoint: serverUrl()
    .optional()
    .describe("Server that is called for every region; by default the region's own endpoint."),
  regions: list(regionId())
    .transform((regions) => [...new Set(regions)])
    .prefault([])
    .describe(
      'Where to discover instances; by default the region in ALIBABA_CLOUD_REGION_ID, else every region that the API lists and does not mark as closed or internal.',
    ),
  discovery: flag()
    .optional()
    .describe('Whether to discover instances; by default true unless `instances` names some.'),
  instances: list(instance)
    .prefault([])
    .describe('Instances to watch in any case, also when discovery is not permitted.'),
  include: globs()
    .transform((include) => (include.length > 0 ? include : EVERYTHING))
    .prefault(EVERYTHING)
    .describe(
      'Globs on instance id or name that keep a discovered instance; an empty list keeps all.',
    ),
  exclude: globs()
    .prefault([])
    .describe(
      'Globs on instance id or name that drop a discovered instance, also an included one.',
    ),
});

export const accounts = list(account)
  .min(1, { error: 'at least one account' })
  .prefault([DEFAULT_ACCOUNT])
  .describe('The Alibaba Cloud accounts to watch.');

export const accountRules: readonly Rule[] = [
  { at: '', check: unique('accounts', 'name') },
  { at: 'accounts[*]', check: unique('instances', 'id') },
  { at: 'accounts[*]', check: regionOfInstances },
  { at: 'accounts[*].credentials', check: keyOrRole },
  { at: 'accounts[*].credentials', check: roleOfEndpoint },
];

function unique(listKey: string, key: string): Rule['check'] {
  return function* (parent) {
    const seen = new Map<unknown, string>();
    for (const { path, value } of find(parent, `${listKey}[*].${key}`)) {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, formatPath(path.slice(0, -1)));
      else yield { path, expected: `a unique ${key}`, got: `that of ${first}` };
    }
  };
}

function* regionOfInstances(account: Mapping): Generator<Finding> {
  const regions = new Set(find(account, 'regions[*]').map(({ value }) => value));
  if (regions.size === 1) return;
  for (const { path, value } of find(account, 'instances[*]')) {
    if (!isMapping(value) || value['region'] !== undefined) continue;
    const has = regions.size === 0 ? 'none' : 'several';
    yield {
      path: [...path, 'region'],
      expected: `a region, as the account has ${has}`,
      got: 'nothing',
    };
  }
}

/** A role may stand alone: then the default chain finds the key that assumes it. */
function* keyOrRole(credentials: Mapping): Generator<Finding> {
  const isGiven = (key: string): boolean => credentials[key] !== undefined;
  if (isGiven('role_arn') && !KEY_PARTS.some(isGiven)) return;
  if (!isGiven('access_key_id')) {
    yield { path: ['access_key_id'], expected: KEY_ID_EXPECTED, got: 'nothing' };
  }
  const text = isGiven('access_key_secret');
  if (text !== isGiven('access_key_secret_file')) return;
  yield {
    path: ['access_key_secret'],
    expected: 'either access_key_secret or access_key_secret_file',
    got: text ? 'both' : 'neither',
  };
}

function* roleOfEndpoint({ role_arn, sts_endpoint }: Mapping): Generator<Finding> {
  if (sts_endpoint === undefined || role_arn !== undefined) return;
  yield { path: ['role_arn'], expected: 'a role with sts_endpoint', got: 'nothing' };
}
