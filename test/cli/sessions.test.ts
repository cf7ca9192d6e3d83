import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { SECOND, systemClock } from '../../src/clock.ts';
import { explain } from '../../src/model/advice.ts';
import { ApiError } from '../../src/model/api-error.ts';
import { adviceOnCode } from '../../src/smartag/transport/error-codes.ts';
import { FakeHost } from '../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from './one-shot.ts';

const ONLINE = 'DescribeUserOnlineClients';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const TOTALS = 'DescribeSagOnlineClientStatistics';

let api: StartedSimulator;
/** Two hours before the test, in whole seconds. */
let since: number;

beforeEach(async () => {
  since = Math.floor(systemClock.now() / SECOND) - 7200;
  const users = Array.from({ length: 60 }, (_, index) => ({ name: `user.${1000 + index}` }));
  api = await startSimulator({
    clock: systemClock,
    keys: [MARKED_KEY],
    instances: [
      {
        id: 'sag-some',
        regionId: 'cn-shanghai',
        users: [
          {
            name: 'li.wei01',
            sessions: [
              { clientIp: '10.0.0.1', onlineTime: since },
              { clientIp: '10.0.0.2', onlineTime: since + 3600 },
            ],
          },
          { name: 'evil\u001b[2J', sessions: [{ clientIp: '10.0.0.3', onlineTime: since }] },
          ...users,
        ],
      },
      { id: 'sag-quiet', regionId: 'cn-shanghai', users: 3, onlineRatio: 0 },
    ],
  });
});

afterEach(() => api.stop());

const sessions = async (args: readonly string[], wishes: Wishes = {}) => {
  const account = 'regions: [cn-shanghai]';
  const file = await configOf(api.url, { account, ...wishes });
  const result = await ran(['sessions', `--config.file=${file}`, ...args]);
  for (const secret of KEY_SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

const calls = (operation: string): number => api.simulator.requests.count({ operation });
const iso = (seconds: number): string =>
  new Date(seconds * SECOND).toISOString().replace('.000', '');

describe('sessions', () => {
  it('prints the online users with the start and address of their sessions, and makes a call only for each of them', async () => {
    const { code, out, err } = await sessions(['sag-some']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^USER {11}ADDRESS {3}ONLINE SINCE +FOR$/),
      expect.stringMatching(`^li\\.wei01 {7}10\\.0\\.0\\.1  ${iso(since)} +2h`),
      expect.stringMatching(`^li\\.wei01 {7}10\\.0\\.0\\.2  ${iso(since + 3600)} +1h`),
      expect.stringMatching(/^evil\\u\{1b\}\[2J {2}10\.0\.0\.3 {2}/),
    ]);
    expect(calls(ONLINE)).toBe(2);
    expect(calls(COUNTS)).toBe(2);
  });

  it('prints the same as JSON', async () => {
    const { code, out } = await sessions(['sag-some', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      account: 'prod',
      regionId: 'cn-shanghai',
      instanceId: 'sag-some',
      sessions: [
        {
          userName: 'li.wei01',
          clientIp: '10.0.0.1',
          start: iso(since),
          ageSeconds: expect.any(Number),
        },
        expect.objectContaining({ userName: 'li.wei01', clientIp: '10.0.0.2' }),
        expect.objectContaining({ userName: 'evil\u001b[2J' }),
      ],
    });
  });

  it('prints the same as CSV, without effect on a terminal', async () => {
    const { code, out } = await sessions(['sag-some', '--csv']);
    expect(code).toBe(0);
    expect(out.split('\r\n')).toEqual([
      'account,regionId,instanceId,userName,clientIp,start,ageSeconds',
      expect.stringMatching(
        `^prod,cn-shanghai,sag-some,li\\.wei01,10\\.0\\.0\\.1,${iso(since)},72\\d\\d$`,
      ),
      expect.stringMatching(/,li\.wei01,10\.0\.0\.2,/),
      expect.stringMatching(/,evil\\u\{1b\}\[2J,10\.0\.0\.3,/),
      '',
    ]);
    expect((await sessions(['sag-quiet', '--csv'])).out.trimEnd().split('\r\n')).toHaveLength(1);
  });

  it('of one user takes one call', async () => {
    const { code, out } = await sessions(['sag-some', 'li.wei01']);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(3);
    expect(api.simulator.requests.count()).toBe(1);
  });

  it('says that no user is online, or that the user is not', async () => {
    expect((await sessions(['sag-quiet'])).out).toBe('No user is online.\n');
    const offline = await sessions(['sag-some', 'user.1000']);
    expect(offline).toMatchObject({ code: 0, out: 'user.1000 is not online.\n', err: '' });
    expect((await sessions(['sag-some', 'user.1000', '--json'])).code).toBe(0);
    expect(JSON.parse((await sessions(['sag-quiet', '--json'])).out)).toMatchObject({
      sessions: [],
    });
  });

  it('works without the batched operations', async () => {
    for (const operation of [TOTALS, COUNTS, 'DescribeSmartAccessGateways']) {
      api.simulator.permissions.deny({ operation });
    }
    const { code, out } = await sessions(['sag-some']);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(4);
    expect(calls(ONLINE)).toBe(62);
  });

  it('leaves the address and time of a client empty when the API does', async () => {
    api.simulator.quirks.set({ omit: ['ClientIp', 'OnlineTime'] });
    const { out } = await sessions(['sag-some', 'li.wei01']);
    expect(out).toMatch(/^li\.wei01$/m);
  });
});

describe('sessions fails, and says why,', () => {
  it('when the sessions of one user cannot be read, and prints those of the others', async () => {
    const match = { operation: ONLINE, userName: 'li.wei01' };
    api.simulator.faults.add({ match, effect: { error: { code: 'ServiceUnavailable' } } });
    const { code, out, err } = await sessions(['sag-some']);
    expect(code).toBe(1);
    expect(out).toContain('10.0.0.3');
    expect(out).not.toContain('li.wei01');
    expect(err).toContain('the sessions of some users could not be read');
    expect(err).toContain('ServiceUnavailable');
  });

  it.each([
    ['the users cannot be listed', 'DescribeSmartAccessGatewayClientUsers'],
    ['the sessions are denied', ONLINE],
  ])('when %s', async (_, operation) => {
    api.simulator.permissions.deny({ operation });
    const { code, out, err } = await sessions(['sag-some']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${operation}: Forbidden`);
    expect(err).toContain('Permit the operation');
  });

  it('when the key is refused', async () => {
    const { code, out, err } = await sessions(['sag-some'], { secret: 'marked-wrong-secret' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Check the credentials of the account.');
  });

  it('when there is no such instance, with advice about the instance', async () => {
    for (const user of [[], ['li.wei01']]) {
      const { code, out, err } = await sessions(['sag-gone', ...user]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('SAG.InstanceNoFound');
      expect(err).toContain('Check id and region of the instances');
    }
  });

  it.each([
    ['empty', 'no.such-user', []],
    ['empty', 'no.such-user', ['--json']],
    ['name-invalid', 'no.such-user', []],
    // A name that no user can have.
    ['empty', 'x', []],
    ['empty', 'evil\u001b[2K', []],
  ] as const)('when the API answers %s, as there is no user %j', async (reply, name, flags) => {
    api.simulator.quirks.set({ unknownUser: reply });
    const { code, out, err } = await sessions(['sag-some', name, ...flags]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `the instance has no user ${name.replace('\u001b', '\\u{1b}')}. \`sag-app-exporter users sag-some\` lists its users.\n`,
    );
  });

  it('not when a user is offline and the users cannot be listed, but says that the user may not exist', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGatewayClientUsers' });
    const { code, out, err } = await sessions(['sag-some', 'user.1000']);
    expect({ code, out }).toEqual({ code: 0, out: 'user.1000 is not online.\n' });
    expect(err).toContain('The user may not exist: this could not be checked');
  });

  it('when the API refuses the name of a listed user, with matching advice', () => {
    const error = new ApiError({
      kind: 'not-found',
      operation: ONLINE,
      code: 'ClientUser.NameInvalid',
      codeAdvice: adviceOnCode('ClientUser.NameInvalid'),
      detail: 'The specified UserName is invalid.',
    });
    expect(explain(error)).toMatch(/UserName is invalid\. Check the name of the user\.$/);
  });

  it('when it is ended', async () => {
    api.simulator.faults.add({ effect: { hang: true } });
    const file = await configOf(api.url);
    for (const args of [['sag-some'], ['sag-some', 'li.wei01']]) {
      const host = new FakeHost();
      const running = run(['sessions', ...args, `--config.file=${file}`], host);
      await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
      host.end();
      expect(await running).toBe(1);
      expect(host.err).toBe('sessions was ended before it was done\n');
      // The simulator notices the end a moment later. Without waiting, this call could be counted for the next command.
      await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBe(0));
    }
  });
});
