import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CREATE_USER_CODES } from '../../../src/cli/create-user/failures.ts';
import { newUser } from '../../../src/cli/create-user/new-user.ts';
import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';
import type { FaultEffect } from '../../../src/simulator/index.ts';
import { createSmartAccessGatewayClientUser } from '../../../src/simulator/operations/create-smart-access-gateway-client-user.ts';
import { FakeHost } from '../../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from '../one-shot.ts';

const CREATE = 'CreateSmartAccessGatewayClientUser';
const PASSWORD = 'marked-Password_1';
const SECRETS = [PASSWORD, ...KEY_SECRETS];
const MAIL = '--user-mail=new@example.com';
const LOGIN = ['--user-name=new.user', '--password-stdin'];

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({
    clock: systemClock,
    keys: [MARKED_KEY],
    instances: [
      {
        id: 'sag-a',
        regionId: 'cn-shanghai',
        users: [{ name: 'old.user' }],
        usersLimit: 3,
        cidrBlock: '10.16.0.0/24',
      },
    ],
  });
});

afterEach(() => api.stop());

const create = async (
  args: readonly string[],
  options: { readonly stdin?: string; readonly wishes?: Wishes } = {},
) => {
  const { stdin = `${PASSWORD}\n`, wishes } = options;
  const file = await configOf(api.url, { account: 'regions: [cn-shanghai]', ...wishes });
  const flags = [`--config.file=${file}`, '--log.level=debug', '--log.format=json'];
  const result = await ran(['create-user', 'sag-a', ...flags, ...args], { stdin });
  for (const secret of SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

const created = () => api.simulator.world.users('sag-a').slice(1);
const sent = (): number => api.simulator.requests.count({ operation: CREATE });

describe('create-user', () => {
  it('creates the user with the given fields', async () => {
    const more = ['--bandwidth=3000', '--client-ip=10.16.0.77'];
    expect(await create([MAIL, ...LOGIN, ...more])).toEqual({
      code: 0,
      err: '',
      out: `User new.user was created on sag-a (cn-shanghai, account prod).
Mail: new@example.com
Bandwidth: 3000 Kbit/s
Address: 10.16.0.77
`,
    });
    expect(created()).toMatchObject([
      { name: 'new.user', mail: 'new@example.com', bandwidth: 3000, staticIp: '10.16.0.77' },
    ]);
    expect(sent()).toBe(1);
  });

  it('leaves name, password and address to the API, and 2000 Kbit/s by default', async () => {
    const { code, out } = await create([MAIL]);
    const [user] = created();
    expect(code).toBe(0);
    expect(out).toBe(`User ${user?.name} was created on sag-a (cn-shanghai, account prod).
Mail: new@example.com
Bandwidth: 2000 Kbit/s
Address: a new one with each connection
Without --user-name the API chose the name, usually the mail address, and sends it with a password to new@example.com.
`);
    expect(user).toMatchObject({
      name: 'new@example.com',
      bandwidth: 2000,
      staticIp: undefined,
    });
  });

  it('says that the mail address is the name if it is in use or refused', async () => {
    await create([MAIL]);
    const taken = await create([MAIL]);
    expect([taken.code, taken.err]).toEqual([
      1,
      'no user was created: CreateSmartAccessGatewayClientUser: ClientUser.UserExist: The specified user already exists. (HTTP 400). Without --user-name the mail address becomes the name, and a user of this name exists already: give --user-name, and its password with --password-stdin, or keep that user.\n',
    ]);
    api.simulator.faults.add({ effect: { error: { code: 'ClientUser.NameInvalid' } } });
    expect((await create([MAIL])).err).toContain('the API refuses it as one: give --user-name');
    expect((await create([MAIL, ...LOGIN])).err).toContain('give another --user-name');
  });

  it.each(['', '\n', '\r\n'])('accepts the password with %j after it', async (end) => {
    expect((await create([MAIL, ...LOGIN], { stdin: PASSWORD + end })).code).toBe(0);
  });

  it('reads stdin only for a password', async () => {
    const unread = new PassThrough();
    const file = await configOf(api.url, { account: 'regions: [cn-shanghai]' });
    const args = ['create-user', 'sag-a', `--config.file=${file}`, MAIL];
    expect((await ran(args, { stdin: unread })).code).toBe(0);
  });

  it('prints the answer of the API with escapes for characters that a terminal obeys', async () => {
    const body = JSON.stringify({ RequestId: 'a', UserName: 'evil\u001b[2J', Bandwidth: '20' });
    api.simulator.faults.add({ effect: { body, httpStatus: 200 } });
    const { code, out } = await create([MAIL]);
    expect(code).toBe(0);
    expect(out).toContain('User evil\\u{1b}[2J was created');
    expect(out).toContain('Bandwidth: 20 Kbit/s');
  });
});

describe('create-user checks before it sends', () => {
  it('and prints all problems at once', async () => {
    const args = ['--user-name=x', '--password-stdin', '--bandwidth=0', '--client-ip=300.1.1.1'];
    const { code, out, err } = await create(args, { stdin: 'marked pässword' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      '--user-mail: expected a mail address such as name@example.com; got nothing',
      expect.stringMatching(/^--user-name: expected a name of 7 to 33 .*; got "x"$/),
      expect.stringMatching(/^stdin: expected a password of 8 to 32 .*; got another text$/),
      '--bandwidth: expected a whole number of Kbit/s from 1 to 20000; got "0"',
      '--client-ip: expected an IPv4 address such as 10.0.0.7; got "300.1.1.1"',
    ]);
    expect(err).not.toContain('marked');
    expect(api.simulator.requests.count()).toBe(0);
  });

  it.each([
    [[], '--user-mail: expected a mail address'],
    [['--user-mail=nobody'], 'got "nobody"'],
    [['--user-mail=a@b c'], '--user-mail: expected'],
    [['--user-mail=\u001b[2J@example.com'], 'got "\\u001b[2J@example.com"'],
    [
      [MAIL, '--user-name=new.user'],
      '--password-stdin: expected the flag, since --user-name needs a password',
    ],
    [[MAIL, '--password-stdin'], '--user-name: expected a name for the password'],
    [[MAIL, '--user-name=.newuser', '--password-stdin'], '--user-name: expected'],
    [[MAIL, `--user-name=${'a'.repeat(34)}`, '--password-stdin'], '--user-name: expected'],
    [[MAIL, '--bandwidth=20001'], '--bandwidth: expected'],
    [[MAIL, '--bandwidth=2e3'], '--bandwidth: expected'],
    [[MAIL, '--bandwidth='], '--bandwidth: expected'],
    [[MAIL, '--client-ip=::1'], '--client-ip: expected'],
    [[MAIL, '--client-ip='], '--client-ip: expected'],
  ])('%j', async (args, message) => {
    const { code, err } = await create(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(sent()).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['only a line break', '\n'],
    ['a short one', 'marked1'],
    ['a long one', 'm'.repeat(33)],
    ['two lines', 'marked-Password_1\nmarked-Password_2\n'],
    ['another beginning', '_marked-Password'],
    ['a whole file', 'marked-'.repeat(1000)],
  ])('the password: %s', async (_, stdin) => {
    const { code, err } = await create([MAIL, ...LOGIN], { stdin });
    expect(code).toBe(2);
    expect(err).toMatch(/stdin: expected a password/);
    expect(err).not.toContain('marked');
    expect(sent()).toBe(0);
  });

  it('accepts exactly the names and passwords that the page allows', () => {
    const first = fc.stringMatching(/^[A-Za-z0-9]$/);
    const name = fc
      .tuple(first, fc.stringMatching(/^[A-Za-z0-9_@.-]{6,32}$/))
      .map((of) => of.join(''));
    const password = fc
      .tuple(first, fc.stringMatching(/^[A-Za-z0-9_@-]{7,31}$/))
      .map((of) => of.join(''));
    const fields = { userMail: 'a@example.com', hasPassword: true };
    fc.assert(
      fc.property(name, password, fc.integer({ min: 1, max: 20_000 }), (userName, secret, rate) => {
        const input = { ...fields, userName, password: secret, bandwidth: String(rate) };
        expect(newUser(input)).toEqual({
          user: {
            userMail: 'a@example.com',
            bandwidthKbit: rate,
            login: { userName, password: secret },
          },
        });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (wild) => {
        fc.pre(wild !== '' && !/^[A-Za-z0-9]/.test(wild));
        const { problems = [] } = newUser({
          ...fields,
          userName: wild,
          password: wild,
          bandwidth: wild,
          clientIp: wild,
        });
        expect(problems).toHaveLength(4);
      }),
    );
  });
});

describe('a password', () => {
  it.each([
    ['--password=marked-Password_1'],
    ['--password-stdin=marked-Password_1'],
    ['--passwd=marked-Password_1'],
    ['marked-Password_1'],
  ])('in the arguments is refused and not repeated: %s', async (argument) => {
    const { code, err } = await create([MAIL, argument]);
    expect(code).toBe(2);
    expect(err).toContain('error: ');
    expect(sent()).toBe(0);
  });

  it('is not read from a terminal, which would show it', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const { code, err } = await ran(['create-user', 'sag-a', MAIL, ...LOGIN], { stdin: terminal });
    expect(code).toBe(2);
    expect(err).toContain('--password-stdin: expected the password from a pipe or a file');
  });

  it('that cannot be read is an error, and so is a signal to end during the read', async () => {
    const broken = new PassThrough();
    broken.destroy(new Error('EIO'));
    const args = ['create-user', 'sag-a', MAIL, ...LOGIN];
    expect(await ran(args, { stdin: broken })).toMatchObject({
      code: 1,
      err: '--password-stdin: stdin cannot be read\n',
    });
    const host = new FakeHost({}, { stdin: new PassThrough() });
    const running = run(args, host);
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('create-user was ended before it was done\n');
  });
});

describe('create-user refused by the API', () => {
  it('has a sentence for every error of the page', () => {
    const { errors } = createSmartAccessGatewayClientUser;
    expect(new Set(Object.keys(CREATE_USER_CODES))).toEqual(
      new Set([...Object.keys(errors), 'SAG.InstanceIdEmpty', 'SAG.InstanceNoFound']),
    );
  });

  it.each(Object.entries(CREATE_USER_CODES))('%s: gives advice', async (code, sentence) => {
    api.simulator.faults.add({ effect: { error: { code } } });
    const result = await create([MAIL, ...LOGIN]);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(/^no user was created: /);
    expect(result.err).toContain(code);
    expect(result.err).toContain(`. ${sentence}\n`);
    expect(sent()).toBe(1);
  });

  it.each([
    ['Throttling.User', 'try again in a minute'],
    ['Forbidden', 'permit smartag:CreateSmartAccessGatewayClientUser'],
    ['InvalidAction.NotFound', 'check the region'],
    ['InvalidTimeStamp.Expired', 'Set the clock of this machine'],
    ['InvalidSecurityToken.Expired', 'Check the credentials of the account.'],
    ['Odd.Code', 'Odd.Code'],
  ])('%s: nothing was created', async (code, sentence) => {
    api.simulator.faults.add({ effect: { error: { code, httpStatus: 400 } } });
    const result = await create([MAIL, ...LOGIN]);
    expect(result.code).toBe(1);
    expect(result.err).toMatch(/^no user was created: /);
    expect(result.err).toContain(sentence);
    expect(sent()).toBe(1);
  });

  it('for a name that exists, a full instance, and an address outside the network', async () => {
    const twice = [MAIL, '--user-name=old.user', '--password-stdin'];
    expect((await create(twice)).err).toContain('ClientUser.UserExist');
    expect((await create([MAIL, '--client-ip=192.168.1.1'])).err).toContain('InvalidClientIp');
    expect((await create([MAIL])).code).toBe(0);
    expect((await create(['--user-mail=other@example.com'])).code).toBe(0);
    expect((await create(['--user-mail=third@example.com'])).err).toContain(
      'ClientUser.UserOverLimit',
    );
    expect(created()).toHaveLength(2);
  });

  it('hides a password that the API repeats', async () => {
    const message = `string to sign is: Password%3D${PASSWORD}`;
    for (const text of [message, `bad password ${PASSWORD}`]) {
      const error = { code: 'ClientUser.PasswordInvalid', message: text };
      api.simulator.faults.add({ effect: { error }, count: 1 });
      expect((await create([MAIL, ...LOGIN])).code).toBe(1);
    }
  });
});

describe('create-user without a clear answer', () => {
  const UNCLEAR: readonly [string, FaultEffect][] = [
    ['a reset', { reset: true }],
    ['a cut reply', { cut: true }],
    ['a reply cut short', { truncate: true }],
    ['a page of a proxy', { html: 502 }],
    ['an empty reply', { empty: 200 }],
    ['a failure without code', { status500WithoutCode: true }],
    ['an internal error', { error: { code: 'InternalError' } }],
    ['no answer in time', { hang: true }],
    ['an unknown shape', { body: '{"Users":{}}', httpStatus: 200 }],
  ];

  it.each(UNCLEAR)(
    '(%s) does not send the call again and says how to check the result',
    async (_, effect) => {
      api.simulator.faults.add({ effect });
      const result = await create([MAIL, ...LOGIN], { wishes: { polling: 'timeout: 1s' } });
      expect(result).toMatchObject({ code: 1, out: '' });
      expect(result.err).toContain('It is unknown whether the user was created');
      expect(result.err).toContain('`sag-app-exporter users sag-a`');
      expect(result.err).not.toContain('no user was created');
      expect(sent()).toBe(1);
    },
  );

  it('because the command was ended prints the same', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const file = await configOf(api.url, { account: 'regions: [cn-shanghai]' });
    const host = new FakeHost();
    const running = run(['create-user', 'sag-a', `--config.file=${file}`, MAIL], host);
    await vi.waitFor(() => expect(sent()).toBe(1));
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toContain('ended during the call. It is unknown whether');
  });

  it('because there are no credentials makes no call', async () => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', await temporaryFolder());
    const host = new FakeHost({ ALIBABA_CLOUD_REGION_ID: 'cn-shanghai' });
    expect(await run(['create-user', 'sag-a', MAIL], host)).toBe(1);
    expect(host.err).toContain('no user was created');
    expect(host.err).toContain('no credentials found');
    vi.unstubAllEnvs();
  });
});
