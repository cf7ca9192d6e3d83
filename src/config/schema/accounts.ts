// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples show how a file refers to variables.

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

/** Without `accounts` in the file, this account is watched. */
export const DEFAULT_ACCOUNT = { name: 'default' };

const KEY_ID_EXPECTED = 'the id of an access key';

/** No id has quotes, `$` or `<>`. Such characters are left over from a script, a variable or an example. */
const KEY_ID = { pattern: /^\s*[\w.-]+\s*$/, of: 'letters, digits, dots, hyphens and underscores' };

const credentials = section({
  access_key_id: secretWord(KEY_ID_EXPECTED, KEY_ID).optional().meta({
    description: 'The id of the access key; may be omitted only with `role_arn`.',
    example: '${SAG_ACCESS_KEY_ID}',
  }),
  access_key_secret: secretWord('the secret of an access key').optional().meta({
    description: 'The secret of the access key; give either this or `access_key_secret_file`.',
    example: '${SAG_ACCESS_KEY_SECRET}',
  }),
  access_key_secret_file: text('the path of a file').optional().meta({
    description:
      'File with the secret of the access key; a relative path starts at the folder of the configuration file.',
    example: '/run/secrets/sag-access-key-secret',
  }),
  security_token: secretWord('a security token').optional().meta({
    description: 'The token of a temporary access key.',
    example: '${SAG_SECURITY_TOKEN}',
  }),
  role_arn: text('the ARN of a role such as acs:ram::123:role/monitoring', /^acs:ram::\S+$/)
    .optional()
    .meta({
      description:
        'The role to assume, with this access key or with the credentials that the default chain finds.',
      example: 'acs:ram::1234567890123456:role/sag-app-exporter',
    }),
  sts_endpoint: serverUrl().optional().meta({
    description:
      'STS server that is asked for the role; by default the server of the region in ALIBABA_CLOUD_STS_REGION, else sts.aliyuncs.com.',
    example: 'https://sts-vpc.cn-shanghai.aliyuncs.com',
  }),
});

const KEY_PARTS = [
  'access_key_id',
  'access_key_secret',
  'access_key_secret_file',
  'security_token',
];

const instance = section({
  id: text('an instance id such as sag-abc123', /^\S+$/).meta({
    description: 'The id of the instance.',
    example: 'sag-0123456789abcdef',
  }),
  region: regionId().optional().meta({
    description: "The region of the instance; by default the account's only region.",
    example: 'cn-shanghai',
  }),
  users_limit: integer(1).optional().meta({
    description: "How many users the instance may have; overrides the API's UserCount.",
    example: '500',
  }),
});

const glob = () => text('a glob such as sag-*');

/** An empty list keeps everything too: `discovery: false` is the way to watch nothing. */
const EVERYTHING = ['*'];

const account = section({
  name: text('a name').meta({
    description: 'The name of the account, used as its `account` label; must be unique.',
    example: 'prod',
  }),
  credentials: credentials
    .optional()
    .describe("The access key; by default Alibaba Cloud's default credential chain finds one."),
  endpoint: serverUrl().optional().meta({
    description:
      "Server that is called for every region; by default each region's own endpoint is called.",
    example: 'https://smartag-vpc.cn-shanghai.aliyuncs.com',
  }),
  regions: list(regionId())
    .transform((regions) => [...new Set(regions)])
    .prefault([])
    .meta({
      description:
        'Where to discover instances; by default the region in ALIBABA_CLOUD_REGION_ID, else every region that the API lists and does not mark as closed or internal.',
      example: '[cn-shanghai, ap-southeast-1]',
    }),
  discovery: flag().optional().meta({
    description: 'Whether to discover instances; by default true unless `instances` names some.',
    example: 'false',
  }),
  instances: list(instance)
    .prefault([])
    .describe('Instances that are watched in any case, even when discovery is not permitted.'),
  include: list(glob())
    .transform((globs) => (globs.length > 0 ? globs : EVERYTHING))
    .prefault(EVERYTHING)
    .meta({
      description:
        'Globs on instance id or name; a discovered instance is kept when one of them matches; an empty list keeps all.',
      example: '["sag-*"]',
    }),
  exclude: list(glob()).prefault([]).meta({
    description:
      'Globs on instance id or name; a discovered instance is dropped when one of them matches, even if `include` matches too.',
    example: '["sag-test-*"]',
  }),
});

export const accounts = list(account)
  .min(1, { error: 'at least one account' })
  .prefault([DEFAULT_ACCOUNT])
  .describe('The Alibaba Cloud accounts to watch.');

export const accountRules: readonly Rule[] = [
  { at: '', check: unique('accounts', 'name') },
  { at: 'accounts[*]', check: unique('instances', 'id') },
  { at: 'accounts[*]', check: instancesHaveRegion },
  { at: 'accounts[*].credentials', check: keyIsComplete },
  { at: 'accounts[*].credentials', check: stsEndpointHasRole },
];

function unique(listKey: string, key: string): Rule['check'] {
  return function* (parent) {
    const seen = new Map<unknown, string>();
    for (const { path, value } of find(parent, `${listKey}[*].${key}`)) {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, formatPath(path.slice(0, -1)));
      else yield { path, expected: `a unique ${key}`, got: `the ${key} of ${first}` };
    }
  };
}

function* instancesHaveRegion(account: Mapping): Generator<Finding> {
  const regions = new Set(find(account, 'regions[*]').map(({ value }) => value));
  if (regions.size === 1) return;
  for (const { path, value } of find(account, 'instances[*]')) {
    if (!isMapping(value) || value['region'] !== undefined) continue;
    const count = regions.size === 0 ? 'no region' : 'several regions';
    yield {
      path: [...path, 'region'],
      expected: `a region, because the account has ${count}`,
      got: 'nothing',
    };
  }
}

/** `role_arn` may be given without a key: the default chain then finds the key that assumes the role. */
function* keyIsComplete(credentials: Mapping): Generator<Finding> {
  const isGiven = (key: string): boolean => credentials[key] !== undefined;
  if (isGiven('role_arn') && !KEY_PARTS.some(isGiven)) return;
  if (!isGiven('access_key_id')) {
    yield { path: ['access_key_id'], expected: KEY_ID_EXPECTED, got: 'nothing' };
  }
  const isInline = isGiven('access_key_secret');
  if (isInline !== isGiven('access_key_secret_file')) return;
  yield {
    path: ['access_key_secret'],
    expected: 'either access_key_secret or access_key_secret_file',
    got: isInline ? 'both' : 'neither',
  };
}

function* stsEndpointHasRole({ role_arn, sts_endpoint }: Mapping): Generator<Finding> {
  if (sts_endpoint === undefined || role_arn !== undefined) return;
  yield { path: ['role_arn'], expected: 'a role, because sts_endpoint is given', got: 'nothing' };
}
