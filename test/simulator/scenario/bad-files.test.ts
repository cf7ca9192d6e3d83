import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ConfigError, formatProblem } from '../../../src/input/problem.ts';
import { loadScenario } from '../../../src/simulator/index.ts';
import { EFFECT_KEYS } from '../../../src/simulator/rules/effects.ts';

const TESTDATA = fileURLToPath(new URL('testdata/', import.meta.url));
const ENDING = '.bad.yaml';
const EFFECTS = Object.keys(EFFECT_KEYS).join(', ');

/** The problems of each file in testdata, without the file name at the beginning. */
const PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  effects: [
    `3:5: faults[0]: expected exactly one effect of ${EFFECTS}; got none`,
    `4:5: faults[1]: expected exactly one effect of ${EFFECTS}; got reset and hang`,
    '5:20: faults[2].status: expected status only together with error or body; got none of them',
    '5:33: faults[2].message: expected message only together with error; got none of them',
    '6:7: faults[3].latency: expected either median and p99, or from and to, the shorter time first; got a mapping',
    '7:7: faults[4].latency: expected either median and p99, or from and to, the shorter time first; got a mapping',
    '8:5: faults[5].for: expected a time shorter than every; got nothing',
    '9:38: faults[6].for: expected a time shorter than every; got a time that is not shorter',
    '10:7: faults[7].html: expected a whole number from 200 to 599; got 99',
  ],
  events: [
    '3:5: events[0]: expected exactly one action such as add_instance, remove_instance, change_instance; got kick and clear_faults',
    '4:7: events[1].at: expected a time after the start such as 90m, or of the day such as "09:30"; got "noon"',
    '5:7: events[2].every: expected a duration such as 30s or 5m, at least 1s; got "500ms"',
    '6:5: events[3]: expected exactly one action such as add_instance, remove_instance, change_instance; got none',
    '6:7: events[3].jump: expected one of the keys add_instance, remove_instance, change_instance, add_users, remove_users, disable_user, enable_user, connect, disconnect, kick, add_fault, remove_fault, clear_faults, set_limit, lift_limit, deny, allow, add_key, remove_key, revoke_key, restore_key, expire_key, set_quirks, reset_quirks, at, every; got an unknown key',
    '7:7: events[4].add_users.count: expected either count or names; got neither',
    '8:39: events[5].add_users.count: expected either count or names; got both',
    '9:30: events[6].set_limit.window: expected window only with kind: fixed-window; got kind: sliding-second',
    `10:7: events[7].add_fault: expected exactly one effect of ${EFFECTS}; got none`,
    '11:26: events[8].remove_instance.id: expected an instance of the scenario; got "sag-other"',
    '12:39: events[9].change_instance.user_limit: expected a known key, perhaps users_limit; got an unknown key',
  ],
  instances: [
    '3:7: instances[1].id: expected a unique id; got the id of instances[0]',
    '4:7: instances[2].id: expected {n} in an id with count; got "sag-many"',
    '5:7: instances[3].id: expected an instance id such as sag-abc123, or sag-{n} with count; got "sag-{n}-{n}"',
    '6:20: instances[4].region: expected a region of the product: cn-hangzhou, cn-shanghai, cn-shanghai-finance-1, cn-hongkong, ap-southeast-1, ap-southeast-3, ap-southeast-5, ap-northeast-1, eu-central-1, eu-west-1, us-east-1, cn-zhangjiakou-spe; got "ap-southeast-2"',
    '9:5: instances[5].cidr_block: expected networks such as 10.0.0.0/16, separated by commas; got "10.0.0.0"',
    '10:15: instances[5].rhythm.points: expected at least one point; got an empty list',
    '10:27: instances[5].rhythm.weekend: expected a number from 0 to 1; got 2',
    '13:26: instances[6].rhythm.points[0].at: expected a time of the day such as "09:30"; got "9:30"',
    '13:36: instances[6].rhythm.points[0].online: expected a number from 0 to 1; got 60',
  ],
  keys: [
    '3:5: keys[0].access_key_id: expected the id of an access key; got <hidden>',
    '4:5: keys[0].access_key_secret: expected the secret of an access key; got a list',
    '5:5: keys[1].access_key_secret: expected the secret of an access key; got nothing',
    '6:5: keys[1].secret: expected one of the keys access_key_id, access_key_secret, security_token, expires_in; got an unknown key',
    '7:5: keys[2].security_token: expected a security token with expires_in; got nothing',
  ],
  'many-at-once': [
    '1:1: speedd: expected a known key, perhaps speed; got an unknown key',
    '2:1: start: expected a date and time such as "2026-03-02 06:00", or a time of the day such as "06:00"; got "2026-02-30 06:00"',
    '5:5: instances[0].region: expected a region of the product: cn-hangzhou, cn-shanghai, cn-shanghai-finance-1, cn-hongkong, ap-southeast-1, ap-southeast-3, ap-southeast-5, ap-northeast-1, eu-central-1, eu-west-1, us-east-1, cn-zhangjiakou-spe; got "cn-nowhere"',
    '6:5: instances[0].users: expected a whole number from 0 up; got -1',
    '7:18: instances[0].user_names[0]: expected a user name: 2 to 33 letters, digits, "_", "@", "." and "-", a letter or digit first, or a mail address; got "-li.wei"',
    '8:5: instances[1].id: expected an instance id such as sag-abc123, or sag-{n} with count; got "sag_two"',
    '10:5: instances[1].onlin: expected a known key, perhaps online; got an unknown key',
    '11:5: instances[1].growth.users_per_day: expected a number above 0; got nothing',
    '13:5: faults[0].operation: expected an operation of the simulator such as DescribeUserOnlineClients; got "DescribeUserOnlineClient"',
    `13:5: faults[0]: expected exactly one effect of ${EFFECTS}; got error and delay`,
    '14:5: faults[0].probability: expected a number from 0 to 1; got 2',
    '15:5: faults[0].delay: expected a duration such as 30s or 5m, at least 1ms; got 200',
    '17:5: faults[1].instance: expected an instance of the scenario; got "sag-three"',
    '18:5: faults[1].hang: expected true; got false',
    '20:5: events[0].at: expected a time after the start such as 90m, or of the day such as "09:30"; got "25:00"',
    '21:13: events[0].kick.instance: expected an instance of the scenario; got "sag-four"',
    '22:5: events[1]: expected exactly one action such as add_instance, remove_instance, change_instance; got none',
  ],
  'no-instances': ['1:1: instances: expected a list; got nothing'],
  syntax: ['2:1: expected valid YAML; got a tab as indentation'],
};

async function problemsOf(file: string): Promise<readonly string[]> {
  const error: unknown = await loadScenario(file).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error(`${file} was not refused: ${error}`);
  return error.problems.map(formatProblem);
}

describe('a bad scenario is refused with every problem in it', () => {
  test.each(Object.entries(PROBLEMS))('%s', async (name, lines) => {
    const file = `${TESTDATA}${name}${ENDING}`;
    expect(await problemsOf(file)).toEqual(lines.map((line) => `${file}:${line}`));
  });

  test('every bad file is listed here', () => {
    const files = readdirSync(TESTDATA).filter((file) => file.endsWith(ENDING));
    const names = files.map((file) => file.slice(0, -ENDING.length));
    expect(names.sort()).toEqual(Object.keys(PROBLEMS).sort());
  });

  test('a missing file', async () => {
    expect(await problemsOf(`${TESTDATA}none`)).toEqual([
      `${TESTDATA}none:1:1: expected a readable file; got no such file`,
    ]);
  });

  test('no secret is shown', async () => {
    const problems = await problemsOf(`${TESTDATA}keys${ENDING}`);
    expect(problems.join('\n')).not.toContain('hush');
  });
});
