import { appendFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { policyFor } from '../../../src/cli/doctor/ram-policy.ts';
import { run } from '../../../src/cli/run.ts';
import { HOUR, MINUTE, systemClock } from '../../../src/clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from '../one-shot.ts';

const LIST = 'DescribeSmartAccessGateways';
const USERS = 'DescribeSmartAccessGatewayClientUsers';
const SESSIONS = 'DescribeUserOnlineClients';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const TOTALS = 'DescribeSagOnlineClientStatistics';
const TRAFFIC = 'DescribeUserFlowStatistics';

const INSTANCES = [
  { id: 'sag-a', regionId: 'cn-shanghai', users: 25, usersLimit: 100 },
  { id: 'sag-b', regionId: 'ap-southeast-1', users: 0, usersLimit: 10 },
];

const DAY = 24 * HOUR;

let api: StartedSimulator;
const servers: Server[] = [];

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES, keys: [MARKED_KEY] });
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await api.stop();
  vi.unstubAllEnvs();
});

const doctor = async (wishes: Wishes = {}, endpoint = api.url) => {
  const result = await ran(['doctor', `--config.file=${await configOf(endpoint, wishes)}`]);
  for (const secret of KEY_SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

/** A server in front of the API. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The API with a Date header that differs from the clock of this machine by this much. */
const shifted = (ms: number): Promise<string> =>
  serve((request, response) => {
    response.setHeader('date', new Date(systemClock.now() + ms).toUTCString());
    api.simulator.app(request, response);
  });

/** The policy that was printed. */
const policyIn = (out: string): unknown => JSON.parse(/^\{.*^\}$/ms.exec(out)?.[0] ?? '');

describe('doctor', () => {
  it.each([
    [0, '2 of 2 instances', ['sag-a', 'sag-b']],
    [1, '0 of 2 instances', []],
  ])('tries the instances of shard %i only', async (index, count, ids) => {
    const file = await configOf(api.url);
    await appendFile(file, `shard: { index: ${index}, total: 2 }\n`);
    const { code, out } = await ran(['doctor', `--config.file=${file}`]);
    expect(code).toBe(0);
    expect(out).toContain(`  OK    shard ${index} of 2: ${count}, which are checked\n`);
    expect([...out.matchAll(/(sag-\w): permitted/g)].map(([, id]) => id)).toEqual(ids);
  });

  it('reports that everything is well', async () => {
    const { code, out, err } = await doctor();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const steady = out
      .replaceAll(/ in \d+ ms/g, ' in 5 ms')
      .replaceAll(/ends in \d+ d( \d+ h)? \(\d{4}-\d\d-\d\d\)/g, 'ends in SOME DAYS')
      // The Date header has whole seconds, and a busy machine may take another second to answer.
      .replace(/clock: (?:0 s from|[12] s ahead of|[12] s behind) that of/, 'clock: NEAR that of')
      .replaceAll(api.url, 'URL');
    expect(steady).toBe(`Account prod
  OK    URL: resolved, connected and answers in 5 ms
  OK    clock: NEAR that of URL
  OK    credentials: accepted (the access key of the configuration)
  OK    discovery in cn-shanghai: 1 instance
  OK    discovery in ap-southeast-1: 1 instance
  OK    sag-a: permitted: list of users, sessions, total, counts
  OK    sag-a: 25 of 100 users
  OK    sag-a: the subscription ends in SOME DAYS
  OK    sag-b: permitted: list of users, sessions, total, counts
  OK    sag-b: 0 of 10 users
  OK    sag-b: the subscription ends in SOME DAYS

The exporter can do its job: 0 warnings.
`);
  });

  it('tries the operations that the configuration needs, and changes nothing', async () => {
    await doctor({ polling: 'strategy: fan-out, traffic: { enabled: true }' });
    expect(api.simulator.requests.byOperation()).toEqual({
      unknown: 1,
      [LIST]: 2,
      [USERS]: 2,
      [SESSIONS]: 2,
      [TRAFFIC]: 2,
    });
  });

  it('checks an instance without users, with any answer of the API about an unknown user', async () => {
    api.simulator.quirks.set({ unknownUser: 'name-invalid' });
    expect(await doctor()).toMatchObject({ code: 0 });
  });

  it.each([
    [30, 'OK', '25 of 30 users'],
    [29, 'WARN', '25 of 29 users: filling up, 4 free'],
    [26, 'WARN', '25 of 26 users: nearly full, 1 free'],
    [25, 'WARN', '25 of 25 users: full, no user can be added'],
    [20, 'WARN', '25 of 20 users: 5 over the limit, no user can be added'],
  ])('with a limit of %i users it says %s: %s', async (limit, verdict, text) => {
    const account = `instances: [{ id: sag-a, region: cn-shanghai, users_limit: ${limit} }]`;
    const { code, out } = await doctor({ account });
    expect(code).toBe(0);
    expect(out).toContain(`  ${verdict.padEnd(4)}  sag-a: ${text}\n`);
    expect(out.includes('Delete users that are not needed')).toBe(verdict === 'WARN');
  });

  it.each([
    [
      -17 * MINUTE,
      'WARN',
      /the subscription ended 17 min ago \(\d{4}-\d\d-\d\d\): no user can connect/,
    ],
    [6 * DAY + MINUTE, 'WARN', /the subscription ends in 6 d \(/],
    [29 * DAY + MINUTE, 'WARN', /the subscription ends in 29 d \(/],
    [31 * DAY + MINUTE, 'OK', /the subscription ends in 31 d \(/],
  ])('with a subscription that ends in %i ms it says %s', async (left, verdict, text) => {
    api.simulator.world.changeInstance('sag-a', { endTime: systemClock.now() + left });
    const { code, out } = await doctor();
    expect(code).toBe(0);
    const lines = out.split('\n');
    const subscriptionLine = lines.findIndex((line) => line.includes('sag-a: the subscription'));
    expect(lines[subscriptionLine]).toMatch(new RegExp(`^ {2}${verdict} +sag-a: ${text.source}`));
    const renew = '        Renew the subscription of the instance.';
    expect(lines[subscriptionLine + 1] === renew).toBe(verdict === 'WARN');
  });

  it('warns of an instance whose limit is unknown', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const unknown = await doctor({ account: 'instances: [{ id: sag-a, region: cn-shanghai }]' });
    expect(unknown.code).toBe(0);
    expect(unknown.out).toContain('WARN  sag-a: 25 users, limit unknown\n');
  });
});

/** Makes an operation answer as if the API did not know it. */
const removeOperation = (operation: string) =>
  api.simulator.faults.add({
    match: { operation },
    effect: { error: { code: 'InvalidApi.NotFound', httpStatus: 404 } },
  });

describe('doctor on permissions', () => {
  it.each([
    [USERS, 'list of users', ''],
    [SESSIONS, 'sessions', ''],
    [COUNTS, 'counts', 'strategy: batched'],
    [TRAFFIC, 'traffic', 'traffic: { enabled: true }'],
  ])('%s is needed', async (operation, what, polling) => {
    api.simulator.permissions.deny({ operation });
    const { code, out } = await doctor({ polling });
    expect(code).toBe(1);
    for (const id of ['sag-a', 'sag-b']) {
      expect(out).toContain(`FAIL  ${id}: ${what}: ${operation} is not permitted\n`);
    }
    expect(out).toContain('The exporter cannot do its job: 2 problems, 0 warnings.\n');
    expect(JSON.stringify(policyIn(out))).toContain(`"smartag:${operation}"`);
  });

  it('warns that auto makes one call for each user without the batched counts', async () => {
    api.simulator.permissions.deny({ operation: COUNTS });
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toContain(`WARN  sag-a: counts: ${COUNTS} is not permitted\n`);
    expect(out).toContain('Without it users are asked one by one instead');
    expect(JSON.stringify(policyIn(out))).toContain(`"smartag:${COUNTS}"`);
  });

  it('distinguishes counts that the API does not know from counts that are not permitted', async () => {
    removeOperation(COUNTS);
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toContain(`WARN  sag-a: counts: ${COUNTS} is not known to the API\n`);
    expect(out).toContain('No permission helps against that.');
    expect(out).not.toContain('Missing permissions');
    const batched = await doctor({ polling: 'strategy: batched' });
    expect(batched.code).toBe(1);
    expect(batched.out).toContain('Set polling.strategy to auto.');
  });

  it.each(['auto', 'batched'])('reports missing totals as harmless: %s', async (strategy) => {
    const polling = `strategy: ${strategy}`;
    removeOperation(TOTALS);
    const unknown = await doctor({ polling });
    expect(unknown.code).toBe(0);
    expect(unknown.out).toContain(`OK    sag-a: total: ${TOTALS} is not known to the API\n`);
    expect(unknown.out).toContain('Harmless: users are counted in batches without totals');
    expect(unknown.out).not.toContain('fan-out');
    expect(unknown.out).not.toContain('WARN');

    api.simulator.faults.clear();
    api.simulator.permissions.deny({ operation: TOTALS });
    const denied = await doctor({ polling });
    expect(denied.code).toBe(0);
    expect(denied.out).toContain(`OK    sag-a: total: ${TOTALS} is not permitted\n`);
    expect(JSON.stringify(policyIn(denied.out))).toContain(`"smartag:${TOTALS}"`);
  });

  it('prints the statements that are missing, and no more', async () => {
    api.simulator.permissions.deny({ operation: USERS, instanceId: 'sag-a' });
    api.simulator.permissions.deny({ operation: TOTALS });
    expect(policyIn((await doctor()).out)).toEqual({
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: [`smartag:${TOTALS}`], Resource: '*' },
        {
          Effect: 'Allow',
          Action: [`smartag:${USERS}`],
          Resource: ['acs:smartag:*:*:smartag/sag-a'],
        },
      ],
    });
  });

  it('a policy names instances together if the same operations are missing for them', () => {
    const missing = ['sag-b', 'sag-a'].flatMap((instanceId) =>
      [USERS, SESSIONS].map((operation) => ({ operation, instanceId })),
    );
    expect(policyFor([...missing, { operation: SESSIONS, instanceId: 'sag-c' }])).toMatchObject({
      Statement: [
        {
          Action: [`smartag:${USERS}`],
          Resource: ['acs:smartag:*:*:smartag/sag-a', 'acs:smartag:*:*:smartag/sag-b'],
        },
        { Action: [`smartag:${SESSIONS}`], Resource: expect.arrayContaining([expect.any(String)]) },
      ],
    });
  });

  it('discovery is needed, unless instances are named', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const without = await doctor();
    expect(without.code).toBe(1);
    expect(without.out).toContain(`FAIL  discovery in cn-shanghai: ${LIST} is not permitted\n`);
    expect(without.out).toContain('FAIL  no instance to poll in cn-shanghai, ap-southeast-1\n');
    expect(policyIn(without.out)).toEqual({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: [`smartag:${LIST}`], Resource: '*' }],
    });
    const named = await doctor({ account: 'instances: [{ id: sag-a, region: cn-shanghai }]' });
    expect(named.code).toBe(0);
    expect(named.out).toContain(`WARN  look-up in cn-shanghai: ${LIST} is not permitted\n`);
  });

  it('the regions must be found, or named', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeRegions' });
    const { code, out } = await doctor({ account: '' });
    expect(code).toBe(1);
    expect(out).toContain('FAIL  finding the regions: DescribeRegions is not permitted\n');
    expect(out).toContain('Permit it, or name the regions in accounts[].regions.');
  });
});

describe('doctor on differences from the documents', () => {
  it('prints which regions were found, and which are skipped and why', async () => {
    api.simulator.quirks.set({ regions: ['newer', 'closed', 'internal', 'foreign'] });
    const { code, out } = await doctor({ account: '' });
    expect(code).toBe(0);
    expect(out).toMatch(/OK {4}regions found: cn-hangzhou, cn-shanghai, .*us-east-1/);
    expect(out).toMatch(/OK {4}region skipped: \S+ \(.*已关停.*\): it is closed\n/);
    expect(out).toMatch(/OK {4}region skipped: \S+ \(.*内部测试.*\): it is for internal tests\n/);
    expect(out).toMatch(/OK {4}region skipped: .*: its endpoint is \S+, not smartag\.\S+\n/);
    expect(out).not.toMatch(/discovery in (ap-southeast-2|cn-hangzhou-test-306)/);
  });

  it('warns of an expired instance once, with advice', async () => {
    const error = { code: 'SmartAccessGatewayInArrears', httpStatus: 500 };
    api.simulator.faults.add({ match: { instanceId: 'sag-a' }, effect: { error } });
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toMatch(/WARN {2}sag-a: .*SmartAccessGatewayInArrears.*Renew or activate/);
    expect(out.match(/InArrears/g)).toHaveLength(1);
    expect(out).toContain('OK    sag-b: permitted');
  });

  it('explains why the limit is unknown, and which instance is not SAG APP', async () => {
    api.simulator.quirks.set({
      userCount: 'users',
      maxBandwidth: '0M',
      hardwareVersion: true,
      instanceTypeFilter: 'ignored',
    });
    api.simulator.world.addUser('sag-a', { name: 'the.26th' });
    api.simulator.world.addInstance({ id: 'sag-box', regionId: 'cn-shanghai', type: 'hardware' });
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toMatch(/WARN {2}sag-a: 26 users\. UserCount of the API is the number of users/);
    expect(out).toContain(
      'OK    sag-a: MaxBandwidth of the API is "0M": the bandwidth is unknown.',
    );
    expect(out).toContain(
      'WARN  sag-box in cn-shanghai is left out: a device (HardwareVersion sag-100wm), not SAG APP',
    );
    expect(out).not.toContain('sag-box: ');
  });

  it('does not use UserCount as limit when a later instance shows that it is the number of users', async () => {
    api.simulator.quirks.set({ userCount: 'users' });
    expect((await doctor()).out).toContain('WARN  sag-a: 25 of 25 users: full');
    api.simulator.world.addInstance({ id: 'sag-c', regionId: 'ap-southeast-1', users: 3 });
    const { out } = await doctor();
    expect(
      out.match(/sag-[ac]: \d+ users\. UserCount of the API is the number of users/g),
    ).toHaveLength(2);
    expect(out).not.toContain('of 25 users');
  });
});

describe('doctor on other problems', () => {
  it('an instance that does not exist', async () => {
    const { code, out } = await doctor({
      account: 'instances: [{ id: sag-gone, region: cn-shanghai }]',
    });
    expect(code).toBe(1);
    expect(out).toMatch(
      /FAIL {2}sag-gone: list of users: .*SAG\.InstanceNoFound.*Check id and region/,
    );
  });

  it('an API that throttles', async () => {
    const error = { code: 'Throttling.User' };
    api.simulator.faults.add({ match: { operation: SESSIONS }, effect: { error } });
    const { code, out } = await doctor();
    expect(code).toBe(0);
    expect(out).toContain(`WARN  sag-a: sessions: ${SESSIONS} was throttled`);
    expect(out).toContain('uses up the quota');
  });

  it('an API that is unavailable', async () => {
    const error = { code: 'ServiceUnavailable' };
    api.simulator.faults.add({ match: { operation: USERS }, effect: { error } });
    const { code, out } = await doctor();
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}sag-a: list of users: .*ServiceUnavailable/);
  });

  it('a key that is refused, after which nothing else is tried', async () => {
    const { code, out } = await doctor({ secret: 'marked-wrong-secret' });
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}credentials: .*SignatureDoesNotMatch.*Check the credentials/);
    expect(out).not.toContain('marked');
    // Unsigned, signed, and once more with fresh credentials.
    expect(api.simulator.requests.count()).toBe(3);
    const elsewhere = await doctor({ secret: 'marked-wrong-secret', account: '' });
    expect(elsewhere.out).toMatch(/FAIL {2}credentials: DescribeRegions: SignatureDoesNotMatch/);
  });

  it('no credentials at all', async () => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', await temporaryFolder());
    const file = await configOf(api.url);
    const { readFile, writeFile } = await import('node:fs/promises');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/ {4}credentials:\n(?: {6}.*\n)+/, ''));
    const { code, out } = await ran(['doctor', `--config.file=${file}`]);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}credentials: .*no credentials found/);
  });

  it('a clock that is wrong by a little or by too much', async () => {
    const little = await doctor({}, await shifted(-3 * MINUTE));
    expect(little.code).toBe(0);
    expect(little.out).toMatch(/WARN {2}clock: 1(79|80|81) s ahead of that of http:/);
    expect(little.out).toContain('by NTP');
    const far = await doctor({}, await shifted(20 * MINUTE));
    expect(far.code).toBe(1);
    expect(far.out).toMatch(
      /FAIL {2}clock: 1(199|200|201) s behind that of .*, which refuses signatures/,
    );
  });

  it('a server without a Date header is no problem', async () => {
    const url = await serve((request, response) => {
      response.sendDate = false;
      api.simulator.app(request, response);
    });
    const { code, out } = await doctor({}, url);
    expect(code).toBe(0);
    expect(out).toContain('has no Date header');
  });

  it.each([
    ['a name that does not exist', 'http://no-such-host.invalid', 'the name cannot be resolved'],
    ['a closed port', 'http://127.0.0.1:1', 'no connection can be made (ECONNREFUSED)'],
  ])('an endpoint that cannot be reached: %s', async (_, endpoint, message) => {
    const { code, out } = await doctor({}, endpoint);
    expect(code).toBe(1);
    expect(out).toContain(`FAIL  ${endpoint}: ${message}`);
    expect(out).toContain('        Check ');
    expect(api.simulator.requests.count()).toBe(0);
  });

  it('an endpoint that does not speak TLS, or HTTP, or not at all', async () => {
    const { code, out } = await doctor({}, api.url.replace('http:', 'https:'));
    expect(code).toBe(1);
    expect(out).toContain('the TLS handshake fails');
    const mute = await doctor({ polling: 'timeout: 1s' }, await serve(() => {}));
    expect(mute.out).toContain('no HTTP answer arrives (no answer within 1000 ms)');
    const broken = await serve((request) => request.socket.destroy());
    expect((await doctor({}, broken)).out).toContain('no HTTP answer arrives (ECONNRESET)');
  });

  it('an unknown region is a warning', async () => {
    const { code, out } = await doctor({ account: 'regions: [cn-shanghai, cn-shanghia]' });
    expect(out).toContain('  WARN  region cn-shanghia is unknown\n');
    expect(out).toContain(
      'Did you mean cn-shanghai? If it is a new region, ignore this warning.\n',
    );
    expect(out).not.toContain('region cn-shanghai: no such');
    expect(code).toBe(0);
  });

  it('a wrong configuration', async () => {
    const { code, out, err } = await doctor({ polling: 'strategy: guess' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('polling.strategy');
  });

  it('prints no problem when it is ended', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const host = new FakeHost();
    const running = run(['doctor', `--config.file=${await configOf(api.url)}`], host);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('doctor was ended before it was done\n');
  });
});
