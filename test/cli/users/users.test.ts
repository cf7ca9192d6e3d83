import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from '../one-shot.ts';

const LIST = 'DescribeSmartAccessGateways';
const USERS = 'DescribeSmartAccessGatewayClientUsers';

const INSTANCES = [
  {
    id: 'sag-named',
    regionId: 'ap-southeast-1',
    users: [
      { name: 'li.wei01', bandwidth: 3000, staticIp: '10.16.0.77' },
      { name: '李伟', mail: 'wei@example.com', state: 1 as const, acceleratedBandwidth: 500 },
      { name: 'evil\u001b[2J\nname', mail: 'a\u202eb@example.com' },
    ],
  },
  { id: 'sag-many', regionId: 'cn-shanghai', users: 120 },
  { id: 'sag-empty', regionId: 'cn-shanghai', users: 0 },
];

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES, keys: [MARKED_KEY] });
});

afterEach(() => api.stop());

const users = async (args: readonly string[], wishes: Wishes = {}) => {
  const result = await ran(['users', `--config.file=${await configOf(api.url, wishes)}`, ...args]);
  for (const secret of KEY_SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

const calls = (operation: string): number => api.simulator.requests.count({ operation });

describe('users', () => {
  it('prints a table without control characters from names', async () => {
    expect(await users(['sag-named'])).toEqual({
      code: 0,
      err: '',
      out: `USER                    MAIL                    STATE     KBIT/S  ACCELERATED  FIXED ADDRESS
li.wei01                li.wei01@example.com    enabled     3000            0  10.16.0.77
李伟                    wei@example.com         disabled    2000          500
evil\\u{1b}[2J\\u{a}name  a\\u{202e}b@example.com  enabled     2000            0
`,
    });
  });

  it('prints everything as JSON, without effect on a terminal and exact for a parser', async () => {
    const { code, out } = await users(['sag-named', '--json']);
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u202e');
    expect(JSON.parse(out)).toEqual({
      account: 'prod',
      regionId: 'ap-southeast-1',
      instanceId: 'sag-named',
      users: [
        {
          userName: 'li.wei01',
          userMail: 'li.wei01@example.com',
          enabled: true,
          bandwidthBytesPerSecond: 375_000,
          acceleratedBandwidthBytesPerSecond: 0,
          staticIp: true,
          clientIp: '10.16.0.77',
        },
        {
          userName: '李伟',
          userMail: 'wei@example.com',
          enabled: false,
          bandwidthBytesPerSecond: 250_000,
          acceleratedBandwidthBytesPerSecond: 62_500,
          staticIp: false,
        },
        expect.objectContaining({ userName: 'evil\u001b[2J\nname' }),
      ],
    });
  });

  it('reads every page', async () => {
    const { out } = await users(['sag-many']);
    expect(out.trim().split('\n')).toHaveLength(121);
    expect(calls(USERS)).toBe(3);
  });

  it('prints only the titles for an instance without users, and an empty list as JSON', async () => {
    expect((await users(['sag-empty'])).out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse((await users(['sag-empty', '--json'])).out)).toMatchObject({ users: [] });
  });

  it('leaves out fields that the API leaves out', async () => {
    api.simulator.quirks.set({ omit: ['UserMail', 'Bandwidth', 'ClientIp'] });
    expect((await users(['sag-named'])).out).toMatch(/^li\.wei01 +enabled +0 +yes$/m);
  });
});

describe('the instance', () => {
  it('is searched for in the regions of the configuration', async () => {
    expect((await users(['sag-named'])).code).toBe(0);
    expect(calls(LIST)).toBe(2);
  });

  it('is searched for in every region if none is configured', async () => {
    expect((await users(['sag-named'], { account: '' })).code).toBe(0);
    expect(calls('DescribeRegions')).toBe(1);
  });

  it.each([
    ['names it', 'instances: [{ id: sag-named, region: ap-southeast-1 }]'],
    ['leaves no choice', 'regions: [ap-southeast-1]'],
  ])('is not searched for if the configuration %s', async (_, account) => {
    api.simulator.permissions.deny({ operation: LIST });
    expect((await users(['sag-named'], { account })).code).toBe(0);
    expect(calls(LIST)).toBe(0);
  });

  it('is found although the search fails in an earlier region', async () => {
    const effect = { error: { code: 'Forbidden', httpStatus: 403 } };
    api.simulator.faults.add({ match: { operation: LIST }, count: 1, effect });
    expect((await users(['sag-named'])).code).toBe(0);
    expect(calls(LIST)).toBe(2);
  });

  it('that no region has is reported as being in no region', async () => {
    expect(await users(['sag-gone'])).toEqual({
      code: 1,
      out: '',
      err: 'instance sag-gone is in no region of the configured accounts (prod). Check the id or name, and accounts[].regions. `sag-app-exporter instances` lists the instances with their ids and names.\n',
    });
  });

  it('must be configured when searching for it is not permitted', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const { code, err } = await users(['sag-named']);
    expect(code).toBe(1);
    expect(err).toContain(
      'To skip the search, name the instance and its region in accounts[].instances.',
    );
    expect(err).toContain(`account prod: ${LIST}: Forbidden`);
  });
});

describe('users fails, and says why in a sentence,', () => {
  const account = 'regions: [ap-southeast-1]';

  it.each([
    ['the operation is denied', 'Forbidden', 'Permit the operation to the account (RAM policy).'],
    ['the API is out of order', 'ServiceUnavailable', 'Try again later.'],
    ['the clock is wrong', 'InvalidTimeStamp.Expired', 'Set the clock of this machine'],
    ['it is refused for flow control', 'Throttling.User', 'Lower polling.requests_per_second'],
  ])('when %s', async (_, code, advice) => {
    api.simulator.faults.add({ effect: { error: { code } } });
    const result = await users(['sag-named'], { account });
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(`${USERS}: ${code}`);
    expect(result.err).toContain(advice);
  });

  it('when the key is refused', async () => {
    const { code, err } = await users(['sag-named'], { account, secret: 'marked-wrong-secret' });
    expect(code).toBe(1);
    expect(err).toContain('SignatureDoesNotMatch');
    expect(err).toContain('Check the credentials of the account.');
    expect(err).not.toContain('marked-wrong-secret');
  });

  it('when the message of the API contains control characters', async () => {
    const error = { code: 'Odd\u001b[2J', message: 'no \u009b31m\u0007' };
    api.simulator.faults.add({ effect: { error } });
    const { err } = await users(['sag-named'], { account });
    expect(err).toContain('Odd\\u{1b}[2J: no \\u{9b}31m\\u{7}');
  });

  it('when it is ended', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const host = new FakeHost();
    const running = run(['users', 'sag-named', `--config.file=${await configOf(api.url)}`], host);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('users was ended before it was done\n');
  });
});
