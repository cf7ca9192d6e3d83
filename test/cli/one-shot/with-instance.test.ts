import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFile } from '../../support/temporary-files.ts';
import { configOf, MARKED_KEY, ran, type Wishes } from '../one-shot.ts';

const LIST = 'DescribeSmartAccessGateways';
const USERS = 'DescribeSmartAccessGatewayClientUsers';
const CREATE = 'CreateSmartAccessGatewayClientUser';

const shanghai = (id: string, name: string) => ({
  id,
  name,
  regionId: 'cn-shanghai',
  users: [{ name: `user.of.${id}` }],
});

const INSTANCES = [
  shanghai('sag-office', 'Shanghai office'),
  { ...shanghai('sag-lab', '实验室一号'), regionId: 'ap-southeast-1' },
  shanghai('sag-one', 'branch'),
  { ...shanghai('sag-two', 'branch'), regionId: 'ap-southeast-1' },
  // Its name is the id of another instance.
  shanghai('sag-alias', 'sag-office'),
  shanghai('sag-like', 'sag-by-name'),
  shanghai('sag-hidden', 'hidden'),
];

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES, keys: [MARKED_KEY] });
});

afterEach(() => api.stop());

const calls = (operation: string): number => api.simulator.requests.count({ operation });

const users = async (wanted: string, wishes: Wishes = {}) =>
  ran(['users', wanted, `--config.file=${await configOf(api.url, wishes)}`]);

const ONE_REGION = { account: 'regions: [cn-shanghai]' };

describe('an instance', () => {
  it.each([
    ['Shanghai office', 'user.of.sag-office'],
    ['实验室一号', 'user.of.sag-lab'],
    ['sag-by-name', 'user.of.sag-like'],
    ['sag-office', 'user.of.sag-office'],
  ])('is found as %s', async (wanted, user) => {
    const { code, out, err } = await users(wanted);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(user);
  });

  it('is found by its name in the only region, also if the name looks like an id', async () => {
    expect((await users('Shanghai office', ONE_REGION)).out).toContain('user.of.sag-office');
    const refused = { code: 'SAG.InstanceNoFound' };
    expect(api.simulator.requests.count(refused)).toBe(0);
    expect((await users('sag-by-name', ONE_REGION)).out).toContain('user.of.sag-like');
    expect(api.simulator.requests.count(refused)).toBe(1);
  });

  it('is found by its name where the configuration names the instances and discovery is off', async () => {
    const account = 'instances: [{ id: sag-office, region: cn-shanghai }]';
    const { code, out } = await users('Shanghai office', { account });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('user.of.sag-office'),
    });
  });

  it('is found if two accounts of the configuration have the same instance', async () => {
    const text = await readFile(await configOf(api.url), 'utf8');
    const [start = '', account = '', end = ''] = text.split(/^(?= {2}- name|polling)/m);
    const twice = start + account + account.replace('prod', 'again') + end;
    const file = await temporaryFile('config.yml', twice);
    const { code, out } = await ran(['users', 'Shanghai office', `--config.file=${file}`]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('user.of.sag-office'),
    });
  });

  it('is called by its name also for sessions and create-user', async () => {
    const file = `--config.file=${await configOf(api.url)}`;
    expect(await ran(['sessions', 'Shanghai office', file])).toEqual({
      code: 0,
      out: 'No user is online.\n',
      err: '',
    });
    const { code, out } = await ran([
      'create-user',
      'Shanghai office',
      '--user-mail=new@example.com',
      file,
    ]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('was created on sag-office (cn-shanghai, account prod).'),
    });
  });
});

describe('an instance is not found', () => {
  it('by a name that several have; the message lists their ids', async () => {
    expect(await users('branch')).toEqual({
      code: 1,
      out: '',
      err: `2 instances have the name branch: give the id instead
sag-one (account prod, cn-shanghai)
sag-two (account prod, ap-southeast-1)
`,
    });
    expect(calls(USERS)).toBe(0);
  });

  it.each([
    ['shanghai-ofice', 'Did you mean "Shanghai office" (sag-office)? '],
    ['sag-offise', 'Did you mean "Shanghai office" (sag-office) or "sag-office" (sag-alias)? '],
    ['实验室二号', 'Did you mean "实验室一号" (sag-lab)? '],
    ['nothing like it', ''],
    // Names are compared with the instances that the exporter would poll.
    ['hidden', ''],
  ])('as %s, and near ones are suggested: %s', async (wanted, suggestion) => {
    const account = 'regions: [cn-shanghai, ap-southeast-1]\n    exclude: [sag-hidden]';
    expect(await users(wanted, { account })).toEqual({
      code: 1,
      out: '',
      err: `instance ${wanted} is in no region of the configured accounts (prod). Check the id or name, and accounts[].regions. ${suggestion}\`sag-app-exporter instances\` lists the instances with their ids and names.\n`,
    });
  });

  it('in the only region: the message has the answer of the API too', async () => {
    const { code, out, err } = await users('sag-offise', ONE_REGION);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/SAG\.InstanceNoFound.*\nDid you mean .*\(sag-office\)/);
  });

  it('as an id that the configuration names: it is asked about once', async () => {
    const account = 'instances: [{ id: sag-gone, region: cn-shanghai }]';
    const { code, err } = await users('sag-gone', { account });
    expect(code).toBe(1);
    expect(err).toMatch(/^\S+: SAG\.InstanceNoFound.*\n$/);
    expect(api.simulator.requests.count({ code: 'SAG.InstanceNoFound' })).toBe(1);
  });

  it('by its name while a region cannot be listed, because another instance may have the name', async () => {
    const effect = { error: { code: 'Forbidden', httpStatus: 403 } };
    api.simulator.faults.add({ match: { operation: LIST }, count: 1, effect });
    const { code, err } = await users('实验室一号');
    expect(code).toBe(1);
    expect(err).toContain(
      'the instance sag-lab has the name 实验室一号, but others may have it too, because not all could be listed: give the id instead\naccount prod, cn-shanghai: DescribeSmartAccessGateways: Forbidden',
    );
  });

  it('when none can be listed; no user is created then', async () => {
    api.simulator.permissions.deny({ operation: LIST });
    const file = `--config.file=${await configOf(api.url)}`;
    const { code, err } = await ran(['create-user', 'branch', '--user-mail=a@example.com', file]);
    expect(code).toBe(1);
    expect(err).toContain('instance branch was not found. To skip the search, name the instance');
    expect(calls(CREATE)).toBe(0);
  });

  it('by a name with hidden characters, which are shown as escapes', async () => {
    const { err } = await users('bra\nnch\u202e');
    expect(err).toContain('instance bra\\u{a}nch\\u{202e} is in no region');
  });
});
