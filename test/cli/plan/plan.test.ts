import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-files.ts';

const TOTALS = 'DescribeSagOnlineClientStatistics';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const USERS = 'DescribeSmartAccessGatewayClientUsers';

/** One instance with 120 users, 12 of them online, and one with 25 users, all offline. */
const INSTANCES = [
  { id: 'sag-busy', regionId: 'cn-shanghai', users: 120, disabledRatio: 0, onlineRatio: 0.1 },
  { id: 'sag-idle', regionId: 'ap-southeast-1', users: 25, onlineRatio: 0 },
].map((instance) => ({ ...instance, multiDeviceRatio: 0 }));

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES });
});

afterEach(async () => {
  await api.stop();
  vi.unstubAllEnvs();
});

interface Wishes {
  readonly polling?: string;
  readonly account?: string;
  readonly secret?: string;
}

async function configOf(wishes: Wishes = {}): Promise<string> {
  const { polling = '', account = 'regions: [cn-shanghai, ap-southeast-1]' } = wishes;
  return temporaryFile(
    'config.yml',
    `
accounts:
  - name: prod
    endpoint: ${api.url}
    credentials: { access_key_id: testid, access_key_secret: ${wishes.secret ?? 'testsecret'} }
    ${account}
polling: { requests_per_second: 100, ${polling} }
`,
  );
}

async function ran(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const host = new FakeHost(env);
  const code = await run(['plan', ...args], host);
  return { code, out: host.out, err: host.err };
}

const planned = async (wishes: Wishes = {}) => ran([`--config.file=${await configOf(wishes)}`]);

const asJson = async (wishes: Wishes = {}) => {
  const { code, out } = await ran([`--config.file=${await configOf(wishes)}`, '--json']);
  expect(code).toBe(0);
  const [account] = (JSON.parse(out) as { accounts: readonly Record<string, unknown>[] }).accounts;
  return account ?? {};
};

const calls = (operation: string): number => api.simulator.requests.count({ operation });

describe('plan', () => {
  it('prints the calls of each strategy', async () => {
    expect(await planned()).toEqual({
      code: 0,
      err: '',
      out: `Account prod: 2 instances, 145 users, 12 online clients (found with 8 calls)
Budget: 100 calls/s for each operation, less where the API allows less
Strategy in force: batched (auto: users can be counted in batches)

batched, in force: the first snapshot is complete after 24 calls, 1s at the budget
stage      operation                              first  a cycle  an hour   a day  every  takes
discovery  DescribeSmartAccessGateways                2        2       12     288    10m     1s
users      DescribeSmartAccessGatewayClientUsers      4        4       48   1,152     5m     1s
online     DescribeSagOnlineClientStatistics          2        2      240   5,760    30s     1s
online     DescribeUserOnlineClientStatistics         4        3      366   8,784    30s     1s
sessions   DescribeUserOnlineClients                 12       12      131   3,142  5m30s     1s
all                                                  24               797  19,126

fan-out: the first snapshot is complete after 151 calls, 2s at the budget
stage      operation                              first  a cycle  an hour    a day  every  takes
discovery  DescribeSmartAccessGateways                2        2       12      288    10m     1s
users      DescribeSmartAccessGatewayClientUsers      4        4       48    1,152     5m     1s
online     DescribeUserOnlineClients                145      145   17,400  417,600    30s     2s
all                                                 151            17,460  419,040
`,
    });
    // The plan takes few calls: one page and one count for each instance.
    expect(api.simulator.requests.count()).toBe(8);
    expect(calls(USERS)).toBe(2);
  });

  it('prints the same as JSON', async () => {
    expect(await asJson()).toMatchObject({
      account: 'prod',
      strategy: { configured: 'auto', inForce: 'batched' },
      callsOfThisLook: 8,
      instances: [
        { regionId: 'cn-shanghai', instanceId: 'sag-busy', users: 120, clients: 12 },
        { regionId: 'ap-southeast-1', instanceId: 'sag-idle', users: 25, clients: 0 },
      ],
      forecasts: [
        {
          strategy: 'batched',
          first: { calls: 24, seconds: 0.24 },
          stages: [
            { stage: 'discovery' },
            { stage: 'users', setting: 'polling.users_interval', intervalSeconds: 300 },
            {
              stage: 'online',
              periodSeconds: 30,
              cycleSeconds: expect.closeTo(0.0505),
              operations: [
                { operation: TOTALS, firstCalls: 2, calls: 2, callsPerHour: 240 },
                // The idle instance is counted after each discovery, in one of 20 passes.
                {
                  operation: COUNTS,
                  firstCalls: 4,
                  calls: 3.05,
                  callsPerDay: expect.closeTo(8784),
                },
              ],
            },
            { stage: 'sessions', intervalSeconds: 300, periodSeconds: 330 },
          ],
        },
        { strategy: 'fan-out', callsPerHour: 17_460, callsPerDay: 419_040 },
      ],
      warnings: [],
      notes: [],
    });
  });

  it('uses the file that the environment variable names', async () => {
    const { code, out } = await ran([], { SAG_APP_EXPORTER_CONFIG: await configOf() });
    expect({ code, first: out.split(':')[0] }).toEqual({ code: 0, first: 'Account prod' });
  });

  it('finds the regions if none are configured', async () => {
    const { forecasts } = await asJson({ account: '' });
    expect(JSON.stringify(forecasts)).toContain('"operation":"DescribeRegions","firstCalls":1');
  });

  it('warns of a cycle that takes longer than its interval, and names the settings to change', async () => {
    const polling = 'strategy: fan-out, online_interval: 1s';
    const { code, out } = await planned({ polling });
    expect(code).toBe(0);
    expect(out).toContain('Strategy in force: fan-out\n');
    expect(out).toContain(
      'Warning: a cycle of the online stage takes 2s, longer than polling.online_interval (1s), so passes will run back to back: ' +
        "raise polling.online_interval to 2s, or polling.requests_per_second to 145 if the account's quota allows that, " +
        'or use the batched strategy, with which it takes 1s.\n',
    );
    const { warnings } = await asJson({ polling });
    expect(warnings).toEqual([expect.stringMatching(/^a cycle of the online stage takes 2s/)]);
  });

  it('says that auto uses fan-out without the batched operations', async () => {
    for (const operation of [TOTALS, COUNTS]) api.simulator.permissions.deny({ operation });
    const { out } = await planned();
    expect(out).toContain('10 % of users assumed online');
    expect(out).toContain(`Strategy in force: fan-out (auto: ${COUNTS} is not permitted)\n`);
    expect(out).toContain('\nfan-out, in force: the first snapshot is complete');
    expect(out).not.toContain('\nauto');
  });

  it('forecasts both strategies if the batched operations are denied for some instances', async () => {
    api.simulator.permissions.deny({ operation: COUNTS, instanceId: 'sag-busy' });
    const { out } = await planned();
    expect(out).toContain(
      `Strategy in force: auto (${COUNTS} is not permitted for 1 of 2 instances)\n`,
    );
    expect(out).toContain('\nauto, in force: the first snapshot is complete after 129 calls');
  });

  it('warns if the batched strategy is configured and not permitted', async () => {
    api.simulator.permissions.deny({ operation: COUNTS });
    const { out } = await planned({ polling: 'strategy: batched' });
    expect(out).toContain(
      `Warning: ${COUNTS} is not permitted, and online passes fail there: permit it, or set polling.strategy to auto.`,
    );
  });

  it.each(['auto', 'batched'])(
    'counts in batches without totals, and says that this is harmless: %s',
    async (strategy) => {
      api.simulator.faults.add({
        match: { operation: TOTALS },
        effect: { error: { code: 'InvalidApi.NotFound', httpStatus: 404 } },
      });
      const { out } = await planned({ polling: `strategy: ${strategy}` });
      expect(out).toContain('145 users, about 12 users online (found with ');
      expect(out).toContain('Strategy in force: batched');
      expect(out).toContain(
        `Note: ${TOTALS} is not known to the API: users are counted in batches`,
      );
      expect(out).toContain('Nothing has to be done');
      expect(out).not.toContain('Warning');
      expect(out).not.toContain('set polling.strategy');
      const { instances, warnings } = await asJson();
      expect(warnings).toEqual([]);
      expect(instances).toMatchObject([
        { totals: 'unsupported', counts: 'answering', onlineUsers: 12 },
        { totals: 'unsupported', counts: 'answering', onlineUsers: 0 },
      ]);
    },
  );

  it('continues if the totals fail', async () => {
    api.simulator.faults.add({ match: { operation: TOTALS }, effect: { truncate: true } });
    const { notes } = await asJson();
    expect(notes).toEqual([
      expect.stringMatching(/^The totals of instances in cn-shanghai failed: /),
      expect.stringMatching(/^The totals of instances in ap-southeast-1 failed: /),
    ]);
  });

  it('counts users if a total of 0 is wrong', async () => {
    const SagStatistics = { Statistics: [{ SmartAGId: 'sag-busy', OnlineCount: '0' }] };
    api.simulator.faults.add({
      match: { operation: TOTALS },
      effect: { body: JSON.stringify({ RequestId: 'r', SagStatistics }), httpStatus: 200 },
    });
    expect((await planned()).out).toContain('145 users, about 12 users online (found with ');
  });

  it('is correct if TotalCount counts only the page', async () => {
    api.simulator.quirks.set({ totalCount: 'page' });
    const { instances, forecasts } = await asJson();
    expect(instances).toMatchObject([{ users: 120 }, { users: 25 }]);
    const [users] = /"operation":"DescribeSmartAccessGatewayClientUsers","firstCalls":\d+/.exec(
      JSON.stringify(forecasts),
    ) ?? [''];
    expect(users).toMatch(/:4$/);
  });

  it('covers configured instances although discovery is not permitted', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGateways' });
    const { instances, notes } = await asJson({
      account: 'instances: [{ id: sag-busy, region: cn-shanghai }]',
    });
    expect(instances).toMatchObject([{ instanceId: 'sag-busy', users: 120 }]);
    expect(notes).toEqual([
      'Discovery is not permitted in cn-shanghai: the plan covers only the configured instances.',
    ]);
  });
});

describe('plan of three shards', () => {
  const sharded = async (polling = ''): Promise<string> => {
    const file = await configOf({ polling });
    await appendFile(file, 'shard: { index: 1, total: 3 }\n');
    return `--config.file=${file}`;
  };

  it('prints the calls of all shards together and of each; every shard makes those of discovery', async () => {
    const { code, out } = await ran([await sharded()]);
    expect(code).toBe(0);
    expect(out).toContain(
      'Account prod: 2 instances, 145 users, 12 online clients (found with 8 calls)\n' +
        'Budget: 100 calls/s for each operation, divided among 3 shards (calls of all together, times of the slowest), less where the API allows less\n',
    );
    expect(out).toContain(
      '\ndiscovery  DescribeSmartAccessGateways                6        6       36     864    10m     1s\n' +
        'users      DescribeSmartAccessGatewayClientUsers      4        4       48   1,152     5m     1s\n',
    );
    expect(out.slice(out.indexOf('The shards'))).toBe(`The shards, batched:
shard  instances  users  calls/s  first  complete after  an hour   a day
0              1     25    32.38      5              1s      264   6,336
1              0      0    31.43      2              1s       12     288
2              1    120    31.43     21              1s      659  15,814
`);
  });

  it('prints the same as JSON', async () => {
    const { out } = await ran([await sharded(), '--json']);
    const { accounts } = JSON.parse(out) as { accounts: readonly Record<string, unknown>[] };
    expect(accounts[0]?.['shards']).toMatchObject([
      { index: 0, total: 3, instances: 1, users: 25, forecasts: [{ strategy: 'batched' }, {}] },
      { index: 1, total: 3, instances: 0, users: 0, forecasts: [{ first: { calls: 2 } }, {}] },
      { index: 2, total: 3, instances: 1, users: 120 },
    ]);
  });

  it('warns of the shard whose cycle takes too long, with the budget that all of them need', async () => {
    const { out } = await ran([await sharded('strategy: fan-out, online_interval: 1s')]);
    expect(out).toContain(
      'Warning: a cycle of the online stage takes 4s on shard 2, longer than polling.online_interval (1s), so passes will run back to back: ' +
        "raise polling.online_interval to 4s, or polling.requests_per_second to 378 if the account's quota allows that, ",
    );
  });
});

describe('plan fails, and says why in a sentence,', () => {
  const FAILED = { code: 1, out: '' };

  it('when the credentials are refused', async () => {
    const { err, ...rest } = await planned({ secret: 'wrong' });
    expect(rest).toEqual(FAILED);
    expect(err).toMatch(
      /^account prod: reading the fleet failed: .*SignatureDoesNotMatch.* Check the credentials of the account\.\n$/,
    );
    expect(err).not.toContain('wrong');
  });

  it('when there are none', async () => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', await temporaryFolder());
    const { err, ...rest } = await ran([]);
    expect(rest).toEqual(FAILED);
    expect(err).toContain('account default: reading the fleet failed: ');
    expect(err).toContain('no credentials found');
    expect(err).toContain('sag-app-exporter demo');
  });

  it.each([
    ['an operation is not permitted', USERS, 'Permit the operation to the account (RAM policy).'],
    ['discovery is not', 'DescribeSmartAccessGateways', 'Permit the operation'],
  ])('when %s', async (_, operation, advice) => {
    api.simulator.permissions.deny({ operation });
    const { err, ...rest } = await planned();
    expect(rest).toEqual(FAILED);
    expect(err).toContain(`account prod: reading the fleet failed: ${operation}: Forbidden`);
    expect(err).toContain(advice);
  });

  it('when a configured instance does not exist', async () => {
    const { err, ...rest } = await planned({
      account: 'instances: [{ id: sag-gone, region: cn-shanghai }]',
    });
    expect(rest).toEqual(FAILED);
    expect(err).toContain('Check id and region of the instances');
  });

  it('when the configuration is wrong', async () => {
    const { err, ...rest } = await planned({ polling: 'strategy: guess' });
    expect(rest).toEqual(FAILED);
    expect(err).toContain('polling.strategy');
  });

  it('when it is ended', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const host = new FakeHost();
    const running = run(['plan', `--config.file=${await configOf()}`], host);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('plan was ended before it was done\n');
  });
});
