import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFile } from '../../support/temporary-files.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from '../one-shot.ts';

const LIST = 'DescribeSmartAccessGateways';
const USERS = 'DescribeSmartAccessGatewayClientUsers';

const END = Date.UTC(2027, 5, 30, 16);

const INSTANCES = [
  {
    id: 'sag-office',
    regionId: 'cn-shanghai',
    name: '上海 office',
    status: 'active',
    users: 120,
    usersLimit: 200,
    endTime: END,
  },
  {
    id: 'sag-lab',
    regionId: 'ap-southeast-1',
    name: 'evil\u001b[2J',
    status: 'active',
    users: 3,
    usersLimit: 5,
    endTime: END,
  },
];

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES, keys: [MARKED_KEY] });
});

afterEach(() => api.stop());

const instances = async (wishes: Wishes = {}, flags: readonly string[] = []) => {
  const file = await configOf(api.url, wishes);
  const result = await ran(['instances', `--config.file=${file}`, ...flags]);
  for (const secret of KEY_SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

const listed = async (wishes: Wishes = {}) =>
  (JSON.parse((await instances(wishes, ['--json'])).out) as { instances: unknown }).instances;

const calls = (operation: string): number => api.simulator.requests.count({ operation });

describe('instances', () => {
  it('prints a table, with two calls for an instance', async () => {
    expect(await instances()).toEqual({
      code: 0,
      err: '',
      out: `INSTANCE    NAME           ACCOUNT  REGION          STATUS  USERS  LIMIT  SUBSCRIPTION ENDS
sag-office  上海 office    prod     cn-shanghai     active    120    200  2027-06-30T16:00:00Z
sag-lab     evil\\u{1b}[2J  prod     ap-southeast-1  active      3      5  2027-06-30T16:00:00Z
`,
    });
    expect(calls(LIST)).toBe(2);
    expect(calls(USERS)).toBe(2);
    expect(api.simulator.requests.count()).toBe(4);
  });

  it('prints the same as JSON', async () => {
    expect(await listed()).toEqual([
      {
        account: 'prod',
        regionId: 'cn-shanghai',
        instanceId: 'sag-office',
        name: '上海 office',
        status: 'active',
        users: 120,
        usersLimit: 200,
        subscriptionEnd: '2027-06-30T16:00:00Z',
      },
      expect.objectContaining({ instanceId: 'sag-lab', name: 'evil\u001b[2J' }),
    ]);
  });

  it('finds the regions if none is configured', async () => {
    expect(await listed({ account: '' })).toHaveLength(2);
    expect(calls('DescribeRegions')).toBe(1);
  });

  it('lists what the exporter would poll: include, exclude, and instances with their own limit', async () => {
    const account = `regions: [cn-shanghai, ap-southeast-1]
    exclude: ["*office"]
    discovery: true
    instances: [{ id: sag-lab, region: ap-southeast-1, users_limit: 40 }]`;
    expect(await listed({ account })).toEqual([
      expect.objectContaining({ instanceId: 'sag-lab', users: 3, usersLimit: 40 }),
    ]);
  });

  it('counts users page by page where the API does not tell how many there are', async () => {
    api.simulator.quirks.set({ omit: ['TotalCount'] });
    expect(await listed()).toMatchObject([{ users: 120 }, { users: 3 }]);
  });

  it('leaves the limit out if UserCount proves to be the number of users', async () => {
    await api.stop();
    const counted = INSTANCES.map((one) => ({ ...one, usersLimit: one.users }));
    api = await startSimulator({ clock: systemClock, instances: counted, keys: [MARKED_KEY] });
    const [office, lab] = (await listed()) as readonly Record<string, unknown>[];
    expect(office).not.toHaveProperty('usersLimit');
    expect(lab).not.toHaveProperty('usersLimit');
  });

  it('leaves empty what the API leaves out', async () => {
    api.simulator.quirks.set({ omit: ['Name', 'Status', 'UserCount', 'EndTime'] });
    expect((await instances()).out).toMatch(/^sag-office +prod +cn-shanghai +120$/m);
    const [office] = (await listed()) as readonly Record<string, unknown>[];
    expect(Object.keys(office ?? {})).toEqual(['account', 'regionId', 'instanceId', 'users']);
  });
});

describe('without instances', () => {
  const account = 'regions: [cn-shanghai]\n    include: ["no-such-*"]';

  it('it says so, with advice', async () => {
    const { code, out, err } = await instances({ account });
    expect({ code, out }).toEqual({ code: 0, out: 'No instances were found.\n' });
    expect(err).toMatch(
      /^account prod: no instance was found\. Check accounts\[\]\.regions, include and exclude, .*doctor. checks the permissions\.\n$/,
    );
  });

  it('the JSON is empty, and the advice is on stderr', async () => {
    const { code, out, err } = await instances({ account }, ['--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ instances: [] });
    expect(err).toContain('include and exclude');
  });
});

describe('a failure', () => {
  it('of a region is told, and the other instances are listed', async () => {
    const effect = { error: { code: 'Forbidden', httpStatus: 403 } };
    api.simulator.faults.add({ match: { operation: LIST }, count: 1, effect });
    const { code, out, err } = await instances();
    expect(code).toBe(1);
    expect(out).toContain('sag-lab');
    expect(out).not.toContain('sag-office');
    expect(err).toMatch(
      /^account prod, cn-shanghai: DescribeSmartAccessGateways: Forbidden: .*Permit the operation.*\n$/,
    );
  });

  it('of everything leaves nothing to list, without a word about how many there are', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const { code, out, err } = await instances();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toHaveLength(2);
  });

  it('of an account is told once, and the instances of the other account are listed', async () => {
    const file = await temporaryFile(
      'config.yml',
      `
accounts:
  - name: broken
    endpoint: ${api.url}
    credentials: { access_key_id: testid, access_key_secret: marked-wrong-secret }
    regions: [cn-shanghai, ap-southeast-1]
    discovery: true
    instances: [{ id: sag-named, region: ap-southeast-1, users_limit: 7 }]
  - name: good
    endpoint: ${api.url}
    credentials:
      access_key_id: ${MARKED_KEY.accessKeyId}
      access_key_secret: ${MARKED_KEY.accessKeySecret}
      security_token: ${MARKED_KEY.securityToken}
    regions: [cn-shanghai]
`,
    );
    const { code, out, err } = await ran(['instances', `--config.file=${file}`]);
    expect(code).toBe(1);
    expect(out).toMatch(/^sag-named +broken +ap-southeast-1 +7$/m);
    expect(out).toMatch(/^sag-office .* good /m);
    expect(err.trim().split('\n')).toEqual([expect.stringMatching(/^account broken: .*/)]);
    expect(err).not.toContain('marked-wrong-secret');
  });

  it('of the users leaves their number empty, and is told once for all instances', async () => {
    api.simulator.permissions.deny({ operation: USERS });
    const { code, out, err } = await instances();
    expect(code).toBe(1);
    expect(out).toMatch(/^sag-office .* active +200 /m);
    expect(err).toMatch(
      /^account prod: the users of sag-office, sag-lab could not be counted: DescribeSmartAccessGatewayClientUsers: Forbidden: .*\n$/,
    );
  });

  it('of an expired instance is told, and is no failure of the command', async () => {
    const effect = { error: { code: 'SmartAccessGatewayInArrears', httpStatus: 500 } };
    api.simulator.faults.add({ match: { operation: USERS, instanceId: 'sag-lab' }, effect });
    const { code, out, err } = await instances();
    expect(code).toBe(0);
    expect(out).toMatch(/^sag-lab .* active +5 /m);
    expect(err).toContain('the users of sag-lab could not be counted: ');
  });

  it('to look up the details of named instances is told, and is no failure of the command', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const account = 'instances: [{ id: sag-office, region: cn-shanghai }]';
    const { code, out, err } = await instances({ account });
    expect(code).toBe(0);
    expect(out).toMatch(/^sag-office +prod +cn-shanghai +120$/m);
    expect(err).toContain('account prod, cn-shanghai: DescribeSmartAccessGateways: Forbidden');
  });

  it('is that it was ended', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const host = new FakeHost();
    const running = run(['instances', `--config.file=${await configOf(api.url)}`], host);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('instances was ended before it was done\n');
  });
});
