// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkConfigFile } from '../../src/config/load.ts';
import { configFile } from '../../src/config/schema/schema.ts';
import { formatProblem } from '../../src/input/problem.ts';

const TESTDATA = fileURLToPath(new URL('testdata/', import.meta.url));
const ENDING = '.bad.yaml';
const POLLING_KEYS = Object.keys(configFile.parse({}).polling).join(', ');
const env = { WORD: 'fast', NUMBER: '12', EMPTY: '', REGION: 'cn-shanghai' };

/** The problems of each file in testdata, without the name of the file. */
const PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  'account-name-blank': ['2:5: accounts[0].name: expected a name; got " "'],
  'account-name-number': ['2:5: accounts[0].name: expected a name; got 1234567890'],
  'account-name-twice': [
    '4:5: accounts[2].name: expected a unique name; got the name of accounts[0]',
  ],
  'account-text': [
    '2:5: accounts[0]: expected a mapping of keys; got text',
    '3:4: accounts[1]: expected a mapping of keys; got nothing',
  ],
  'account-without-name': ['2:5: accounts[0].name: expected a name; got nothing'],
  'accounts-empty': ['1:1: accounts: expected at least one account; got an empty list'],
  'accounts-mapping': ['1:1: accounts: expected a list; got a mapping'],
  'adaptive-number': ['2:3: polling.adaptive: expected true or false; got 1'],
  'alias-bomb': ['1:32: expected at most 100000 values, nested at most 20 deep; got more'],
  'alias-cycle': ['1:15: expected at most 100000 values, nested at most 20 deep; got more'],
  'alias-unknown': ['1:1: polling: expected an alias of an anchor above; got an unknown anchor'],
  'credentials-empty': [
    '3:5: accounts[0].credentials.access_key_id: expected the id of an access key; got nothing',
    '3:5: accounts[0].credentials.access_key_secret: expected either access_key_secret or access_key_secret_file; got neither',
  ],
  'credentials-file-directory': [
    '5:7: accounts[0].credentials.access_key_secret_file: expected a readable file that is not empty; got a directory',
  ],
  'credentials-file-empty': [
    '5:7: accounts[0].credentials.access_key_secret_file: expected a readable file that is not empty; got an empty file',
  ],
  'credentials-file-missing': [
    '5:7: accounts[0].credentials.access_key_secret_file: expected a readable file that is not empty; got no such file',
  ],
  'credentials-role-alone': [
    '4:7: accounts[0].credentials.role_arn: expected the ARN of a role such as acs:ram::123:role/monitoring; got "monitoring"',
  ],
  'credentials-two-secrets': [
    '5:7: accounts[0].credentials.access_key_secret: expected either access_key_secret or access_key_secret_file; got both',
  ],
  'credentials-without-id': [
    '3:5: accounts[0].credentials.access_key_id: expected the id of an access key; got nothing',
  ],
  'credentials-without-secret': [
    '3:5: accounts[0].credentials.access_key_secret: expected either access_key_secret or access_key_secret_file; got neither',
  ],
  detail: ['2:3: metrics.detail: expected instances, users or sessions; got "user"'],
  'discovery-text': ['3:5: accounts[0].discovery: expected true or false; got "yes"'],
  'duplicate-key': ['3:3: polling.page_size: expected each key only once; got the key again'],
  durations: [
    '2:3: polling.discovery_interval: expected a duration such as 30s or 5m, at least 1s; got 10',
    '3:3: polling.users_interval: expected a duration such as 30s or 5m, at least 1s; got "5 m"',
    '4:3: polling.online_interval: expected a duration such as 30s or 5m, at least 1s; got "999ms"',
    '5:3: polling.sessions_interval: expected a duration such as 30s or 5m, at least 1s; got "1.5h"',
    '6:3: polling.stale_after: expected a duration such as 30s or 5m, at least 1s; got "10s5m"',
    '7:3: polling.timeout: expected a duration such as 30s or 5m, at least 100ms and at most 1h; got "2h"',
  ],
  endpoint: [
    '3:5: accounts[0].endpoint: expected an http:// or https:// URL with a host and optionally a port, and nothing more; got "https://smartag.cn-shanghai.aliyuncs.com/v1"',
    '5:5: accounts[1].endpoint: expected an http:// or https:// URL with a host and optionally a port, and nothing more; got "smartag.cn-shanghai.aliyuncs.com"',
    '7:5: accounts[2].endpoint: expected an http:// or https:// URL with a host and optionally a port, and nothing more; got "https://smartag.cn-shanghai.aliyuncs.com?Action=x"',
    '9:5: accounts[3].endpoint: expected an http:// or https:// URL with a host and optionally a port, and nothing more; got <hidden>',
  ],
  'env-in-brackets': [
    '3:16: expected valid YAML; got a variable without quotes inside [ ] or { }; it must be quoted there',
  ],
  'env-malformed': [
    '2:5: accounts[0].name: expected ${NAME}, or $${ for a literal ${; got a ${ without a name',
    '3:5: accounts[1].name: expected ${NAME}, or $${ for a literal ${; got a ${ without a name',
    '4:5: accounts[2].name: expected ${NAME}, or $${ for a literal ${; got a ${ without a name',
  ],
  'env-unset-under-unknown-key': [
    '1:1: pooling: expected the environment variable NO_SUCH_NAME to be set; got nothing',
    '1:1: pooling: expected a known key, perhaps polling; got an unknown key',
  ],
  'env-unset': [
    '2:5: accounts[0].name: expected the environment variable NO_SUCH_NAME to be set; got nothing',
    '4:9: accounts[0].regions[0]: expected the environment variable NO_SUCH_CITY to be set; got nothing',
    '4:9: accounts[0].regions[0]: expected the environment variable NO_SUCH_NUMBER to be set; got nothing',
  ],
  'env-wrong-type': [
    '2:3: polling.requests_per_second: expected a number above 0; got <hidden>',
    '3:3: polling.adaptive: expected true or false; got <hidden>',
    '4:3: polling.timeout: expected a duration such as 30s or 5m, at least 100ms and at most 1h; got <hidden>',
    '5:3: polling.concurrency: expected a whole number from 1 up; got ""',
  ],
  globs: [
    '3:24: accounts[0].include[1]: expected a glob such as sag-*; got ""',
    '4:5: accounts[0].exclude: expected a list; got "sag-x"',
  ],
  'hash-key-missing': [
    '3:3: metrics.hash_key_file: expected a readable file that is not empty; got no such file',
  ],
  'hash-with-mail': ['4:3: metrics.user_mail: expected false, because user_name is hash; got true'],
  'hash-without-key': [
    '1:1: metrics.hash_key_file: expected a key file, because user_name is hash; got nothing',
  ],
  history: [
    '2:3: history.enabled: expected true or false; got "yes"',
    '3:3: history.keep: expected a duration such as 30s or 5m, at least 1d; got "23h"',
    '4:3: history.path: expected one of the keys enabled, keep; got an unknown key',
  ],
  'history-with-omit': [
    '3:3: history.enabled: expected false, because metrics.user_name is omit; got true',
  ],
  'instance-id': [
    '5:9: accounts[0].instances[0].id: expected an instance id such as sag-abc123; got "sag a"',
    '6:9: accounts[0].instances[1].id: expected an instance id such as sag-abc123; got nothing',
  ],
  'instance-twice': [
    '6:9: accounts[0].instances[1].id: expected a unique id; got the id of instances[0]',
  ],
  'instance-without-region': [
    '4:9: accounts[0].instances[0].region: expected a region, because the account has no region; got nothing',
    '10:9: accounts[1].instances[1].region: expected a region, because the account has several regions; got nothing',
  ],
  'key-in-camel-case': [
    '2:3: polling.requestsPerSecond: expected a known key, perhaps requests_per_second; got an unknown key',
  ],
  'key-misspelt': [
    '2:3: polling.onlin_interval: expected a known key, perhaps online_interval; got an unknown key',
    '3:1: metric: expected a known key, perhaps metrics; got an unknown key',
  ],
  'key-proto': [
    '1:1: __proto__: expected one of the keys accounts, polling, metrics, history, proxy, shard; got an unknown key',
  ],
  'key-unknown': [
    `2:3: polling.burst: expected one of the keys ${POLLING_KEYS}; got an unknown key`,
  ],
  'many-at-once': [
    '2:5: accounts[0].name: expected the environment variable NO_SUCH_NAME to be set; got nothing',
    '3:15: accounts[0].regions[0]: expected a region id such as cn-shanghai; got "cn_shanghai"',
    '4:5: accounts[0].credentials.access_key_secret: expected either access_key_secret or access_key_secret_file; got neither',
    '7:3: polling.online_intervall: expected a known key, perhaps online_interval; got an unknown key',
    '9:3: polling.timeout: expected a duration such as 30s or 5m, at least 100ms and at most 1h; got "never"',
    '11:3: metrics.user_name: expected plain or hash, because detail is not instances; got omit',
    '13:3: shard.index: expected a number below total, or hostname; got a number that is not below total',
  ],
  'number-fraction': [
    '2:3: polling.page_size: expected a whole number from 1 to 100; got 2.5',
    '3:3: polling.concurrency: expected a whole number from 1 up; got 1e+30',
  ],
  numbers: [
    '2:3: polling.page_size: expected a whole number from 1 to 100; got 101',
    '3:3: polling.concurrency: expected a whole number from 1 up; got 0',
    '4:3: polling.requests_per_second: expected a number above 0; got 0',
    '6:3: metrics.max_user_series: expected a whole number from 0 up; got -1',
  ],
  'omit-with-mail': ['4:3: metrics.user_mail: expected false, because user_name is omit; got true'],
  'omit-with-users': [
    '2:3: metrics.user_name: expected plain or hash, because detail is not instances; got omit',
  ],
  'proxy-not-a-url': [
    '1:1: proxy: expected an http:// or https:// URL of a proxy, such as http://proxy:3128; got <hidden>',
  ],
  'region-not-an-id': [
    '3:28: accounts[0].regions[1]: expected a region id such as cn-shanghai; got "Shanghai"',
    '3:38: accounts[0].regions[2]: expected a region id such as cn-shanghai; got "evil.example/"',
  ],
  'regions-text': ['3:5: accounts[0].regions: expected a list; got "cn-shanghai"'],
  'section-text': [
    '1:1: polling: expected a mapping of keys; got text',
    '2:1: metrics: expected a mapping of keys; got an empty list',
  ],
  'shard-index-text': [
    '2:3: shard.index: expected a whole number from 0 up, or hostname; got "host"',
  ],
  'shard-index': [
    '2:3: shard.index: expected a number below total, or hostname; got a number that is not below total',
  ],
  'shard-total': ['3:3: shard.total: expected a whole number from 1 to 100; got 101'],
  strategy: ['2:3: polling.strategy: expected auto, batched or fan-out; got "fanout"'],
  'sts-endpoint-without-role': [
    '3:5: accounts[0].credentials.role_arn: expected a role, because sts_endpoint is given; got nothing',
  ],
  'syntax-bracket': ['2:1: expected valid YAML; got wrong indentation or a missing bracket'],
  'syntax-colon': [
    '2:11: expected valid YAML; got a mapping inside a line; a value with ": " must be quoted',
  ],
  'syntax-escape': ['2:12: expected valid YAML; got an unknown escape in double quotes'],
  'syntax-key': ['1:3: expected valid YAML; got a key that is not text'],
  'syntax-quote': ['3:1: expected valid YAML; got a missing quote, comma, colon or space'],
  'syntax-reserved-character': [
    '2:11: expected valid YAML; got a value that must be quoted because of its first character',
  ],
  'syntax-several-lines': [
    '2:11: expected valid YAML; got a value that must be quoted because of its first character',
    '3:11: expected valid YAML; got a value that must be quoted because of its first character',
  ],
  'syntax-tab': ['2:1: expected valid YAML; got a tab as indentation'],
  'syntax-tag': [
    '1:10: expected valid YAML; got an unknown tag; a value that starts with "!" must be quoted',
  ],
  'syntax-two-documents': ['2:1: expected valid YAML; got a second document'],
  'top-list': ['1:1: expected a mapping of keys; got a list'],
  'top-text': ['1:1: expected a mapping of keys; got text'],
  traffic: [
    '4:5: polling.traffic.interval: expected a duration such as 30s or 5m, at least 1s; got "0s"',
  ],
  'unused-after': [
    '3:7: metrics.unused_after[0]: expected a duration such as 30d, at least 1s and at most 3650d; got "0s"',
    '5:7: metrics.unused_after[2]: expected a duration such as 30d, at least 1s and at most 3650d; got "11y"',
    '6:7: metrics.unused_after[3]: expected a time that is not in the list yet; got the same time as unused_after[1]',
    '7:7: metrics.unused_after[4]: expected a duration such as 30d, at least 1s and at most 3650d; got "3651d"',
    '8:7: metrics.unused_after[5]: expected a time that is not in the list yet; got the same time as unused_after[1]',
    '9:7: metrics.unused_after[6]: expected a duration such as 30d, at least 1s and at most 3650d; got 30',
  ],
  'unused-after-many': ['2:3: metrics.unused_after: expected at most 10 durations; got a list'],
  'unused-after-text': ['1:12: metrics.unused_after: expected a list; got "30d"'],
  'user-name': ['2:3: metrics.user_name: expected plain, hash or omit; got "hashed"'],
  'users-limit': [
    '6:9: accounts[0].instances[0].users_limit: expected a whole number from 1 up; got 0',
  ],
};

describe('a bad file is refused with all of its problems', () => {
  test.each(Object.entries(PROBLEMS))('%s', async (name, lines) => {
    const file = `${TESTDATA}${name}${ENDING}`;
    const { problems } = await checkConfigFile(file, env, []);
    expect(problems.map(formatProblem)).toEqual(lines.map((line) => `${file}:${line}`));
  });

  test('every file in testdata is listed here', () => {
    const files = readdirSync(TESTDATA).filter((file) => file.endsWith(ENDING));
    const names = files.map((file) => file.slice(0, -ENDING.length));
    expect(names.sort()).toEqual(Object.keys(PROBLEMS).sort());
  });
});
