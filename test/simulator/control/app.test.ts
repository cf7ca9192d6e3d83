import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { createLog } from '../../../src/log.ts';
import { stateOf } from '../../../src/simulator/control/state.ts';
import { createControlApp } from '../../../src/simulator/index.ts';
import { type Listener, listen } from '../../../src/web/server/listen.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call } from '../client.ts';

let api: StartedSimulator;
let control: Listener;
let logged = '';

beforeEach(async () => {
  logged = '';
  const destination = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      logged += text;
      done();
    },
  });
  api = await startSimulator({ recordRequests: true });
  const log = createLog({ level: 'debug', format: 'json', destination });
  control = await listen(createControlApp(api.simulator, log), { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.stop();
  await api.stop();
});

/** Status and JSON of an answer. */
async function ask(path: string, request: RequestInit = {}): Promise<[number, unknown]> {
  const answer = await fetch(`http://${control.address}/-/control${path}`, request);
  return [answer.status, await answer.json()];
}

const JSON_TYPE = { 'content-type': 'application/json' };

function act(action: string, takes: unknown = {}): Promise<[number, unknown]> {
  const body = typeof takes === 'string' ? takes : JSON.stringify(takes);
  return ask(`/${action}`, { method: 'POST', headers: JSON_TYPE, body });
}

const done = (outcome: unknown = {}): [number, unknown] => [200, outcome];

const SMALL = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };
const USERS = 'DescribeSmartAccessGatewayClientUsers';

/** Status and code of the API's answer to a call. */
async function answered(operation = USERS, own: Record<string, string> = SMALL) {
  const { status, body } = await call(api, operation, own);
  return body['Code'] === undefined ? status : [status, body['Code']];
}

describe('the control API', () => {
  it('refuses requests from a page of another site', async () => {
    for (const foreign of [
      { origin: 'https://elsewhere.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const [status, outcome] = await ask('/clear-faults', {
        method: 'POST',
        headers: { ...JSON_TYPE, ...foreign },
        body: '{}',
      });
      expect([status, outcome]).toEqual([
        403,
        { error: expect.stringContaining('a page of another site') },
      ]);
    }
    expect(logged).toBe('');
  });

  it('answers OPTIONS with the allowed methods', async () => {
    const allowed = async (path: string) => {
      const url = `http://${control.address}/-/control${path}`;
      const { status, headers } = await fetch(url, { method: 'OPTIONS' });
      return [status, headers.get('allow')];
    };
    expect(await allowed('/')).toEqual([204, 'GET, HEAD']);
    expect(await allowed('/state')).toEqual([204, 'GET, HEAD']);
    expect(await allowed('/instances/sag-small/users')).toEqual([204, 'GET, HEAD']);
    expect(await allowed('/any-action')).toEqual([204, 'POST']);
  });

  it('changes users and sessions', async () => {
    const { world } = api.simulator;
    const instance = 'sag-small';
    const [, added] = await act('add_users', { instance, names: ['li.wei017', 'wang.fang'] });
    expect(added).toEqual({ users: ['li.wei017', 'wang.fang'] });
    const [, more] = await act('add_users', { instance, count: 10 });
    expect(more).toEqual({ users: expect.toSatisfy((names: string[]) => names.length === 10) });
    expect(world.users(instance)).toHaveLength(37);

    const [, connected] = await act('connect', { instance, user: 'li.wei017' });
    const { clientIp } = world.user(instance, 'li.wei017').sessions[0] ?? {};
    expect(connected).toEqual({ clients: [{ user: 'li.wei017', client_ip: clientIp }] });
    await act('connect', { instance, user: 'li.wei017' });
    expect(await act('disconnect', { instance, user: 'li.wei017', client_ip: clientIp })).toEqual(
      done(),
    );
    expect(world.user(instance, 'li.wei017').sessions).toHaveLength(1);
    expect(await act('kick', { instance, user: 'li.wei017' })).toEqual(
      done({ users: ['li.wei017'] }),
    );
    expect(world.user(instance, 'li.wei017').sessions).toEqual([]);
    await act('connect', { instance, count: 4 });
    expect(world.onlineUsers(instance)).toHaveLength(9);
    await act('kick', { instance });
    expect(world.onlineUsers(instance)).toEqual([]);

    await act('disable_user', { instance, user: 'wang.fang' });
    expect(world.user(instance, 'wang.fang').state).toBe(1);
    await act('enable_user', { instance, user: 'wang.fang' });
    expect(world.user(instance, 'wang.fang').state).toBe(0);
    await act('remove_users', { instance, names: ['wang.fang'] });
    await act('remove_users', { instance, count: 11 });
    expect(world.users(instance)).toHaveLength(25);
  });

  it('creates, changes and deletes instances', async () => {
    const { world, clock } = { ...api.simulator, clock: api.clock };
    expect(
      await act('add_instance', {
        id: 'sag-new',
        region: 'cn-hongkong',
        users: 5,
        expires_in: '1h',
      }),
    ).toEqual(done());
    expect(world.instance('sag-new')?.details.endTime).toBe(clock.now() + HOUR);
    expect(world.users('sag-new')).toHaveLength(5);
    await act('change_instance', { id: 'sag-new', users_limit: 7, status: 'Offline' });
    expect(world.instance('sag-new')?.details).toMatchObject({ usersLimit: 7, status: 'Offline' });
    expect(await act('remove_instance', { id: 'sag-new' })).toEqual(done());
    expect(world.instance('sag-new')).toBeUndefined();
  });

  it('adds faults and removes them by name, all at once, or after a time', async () => {
    expect(await act('add_fault', { operation: USERS, error: 'ServiceUnavailable' })).toEqual(
      done({ name: 'fault-1' }),
    );
    expect(
      await act('add_fault', { name: 'odd', error: 'X.Y', status: 418, message: 'no' }),
    ).toEqual(done({ name: 'odd' }));
    expect(await answered()).toEqual([503, 'ServiceUnavailable']);
    await act('remove_fault', { name: 'fault-1' });
    expect(await answered()).toEqual([418, 'X.Y']);
    await act('clear_faults');
    expect(await answered()).toBe(200);
    await act('add_fault', { instance: 'sag-small', html: 502, for: '30s' });
    expect((await call(api, USERS, SMALL).catch((error: unknown) => error)) instanceof Error).toBe(
      true,
    );
    await api.clock.advance(30 * SECOND);
    expect(await answered()).toBe(200);
  });

  it('sets and removes limits', async () => {
    await act('set_limit', { limit: 1, kind: 'fixed-window', window: '1m', operation: USERS });
    expect([await answered(), await answered()]).toEqual([200, [400, 'Throttling.User']]);
    expect(await act('lift_limit', { operation: USERS })).toEqual(done());
    expect(await answered()).toBe(200);
    expect(await act('lift_limit', { operation: USERS })).toEqual([
      409,
      { error: 'No limit is set for exactly this operation and key' },
    ]);
  });

  it('denies operations and allows them again', async () => {
    await act('deny', { operation: USERS, instance: 'sag-small' });
    expect(await answered()).toEqual([403, 'Forbidden']);
    expect(await answered('DescribeRegions', {})).toBe(200);
    await act('allow');
    expect(await answered()).toBe(200);
  });

  it('adds, expires, disables and deletes keys', async () => {
    const key = { access_key_id: 'STS.temporary', access_key_secret: 'sesame' };
    await act('add_key', { ...key, security_token: 'token', expires_in: '1h' });
    const as = async (): Promise<unknown> => {
      const common = { AccessKeyId: 'STS.temporary', SecurityToken: 'token' };
      const { body, status } = await call(api, 'DescribeRegions', {}, { common, secret: 'sesame' });
      return body['Code'] ?? status;
    };
    const states: unknown[] = [await as()];
    await api.clock.advance(HOUR);
    states.push(await as());
    for (const action of ['restore_key', 'expire_key', 'restore_key', 'revoke_key', 'remove_key']) {
      expect(await act(action, { access_key_id: 'STS.temporary' })).toEqual(done());
      states.push(await as());
    }
    expect(states).toEqual([
      200,
      'InvalidSecurityToken.Expired',
      200,
      'InvalidSecurityToken.Expired',
      200,
      'InvalidAccessKeyId.Inactive',
      'InvalidAccessKeyId.NotFound',
    ]);
    expect(await act('expire_key', { access_key_id: 'testid' })).toEqual([
      409,
      { error: expect.stringContaining('Only a temporary key') },
    ]);
  });

  it('switches quirks of the API', async () => {
    const counted = async (): Promise<unknown> => {
      const { body } = await call(api, USERS, { ...SMALL, PageSize: '10' });
      return body['TotalCount'];
    };
    expect(await act('set_quirks', { total_count: 'page' })).toEqual(done());
    expect(await counted()).toBe(10);
    expect(await act('set_quirks', { numbers_as_strings: true })).toEqual(done());
    expect(await counted()).toBe('10');
    expect(stateOf(api.simulator)).toMatchObject({
      quirks: { total_count: 'page', numbers_as_strings: true },
    });
    expect(await act('reset_quirks')).toEqual(done());
    expect(await counted()).toBe(25);
    expect(await act('set_quirks', { lists: 'odd', totals: 1 })).toMatchObject([
      400,
      { problems: [{ path: 'totals' }, { path: 'lists' }] },
    ]);
  });

  it('moves the time ahead and changes its speed', async () => {
    const { time } = api.simulator.world;
    const before = time.now();
    expect(await act('jump', { by: '90m' })).toEqual(
      done({ time: new Date(before + 90 * MINUTE).toISOString() }),
    );
    await act('set_speed', { speed: 60 });
    await api.clock.advance(MINUTE);
    expect(time.now()).toBe(before + 150 * MINUTE);
  });

  it('shows the state of the simulator without secrets', async () => {
    await act('add_key', { access_key_id: 'other', access_key_secret: 'hush-hush' });
    await act('add_fault', { name: 'slow', operation: USERS, delay: '10s', probability: 0 });
    await act('set_limit', { limit: 100 });
    await act('deny', { instance: 'sag-quiet' });
    await answered();
    await answered(USERS, { RegionId: 'ap-southeast-1', SmartAGId: 'sag-quiet' });
    const [status, state] = await ask('/state');
    const { world } = api.simulator;
    const starts = world
      .onlineUsers('sag-small')
      .flatMap(({ sessions }) => sessions.map(({ onlineTime }) => onlineTime));
    expect(status).toBe(200);
    expect(state).toEqual({
      time: {
        world: new Date(api.clock.now()).toISOString(),
        real: new Date(api.clock.now()).toISOString(),
        speed: 1,
      },
      totals: { instances: 2, users: 28, online_users: 5, online_clients: starts.length },
      instances: [
        {
          instance_id: 'sag-small',
          region_id: 'cn-shanghai',
          name: 'sag-small',
          status: 'Active',
          users: { enabled: 24, disabled: 1 },
          users_limit: 30,
          online_users: 5,
          online_clients: starts.length,
          oldest_session_start_timestamp_seconds: Math.min(...starts),
          expiry_timestamp_seconds: expect.any(Number),
        },
        expect.objectContaining({
          instance_id: 'sag-quiet',
          online_users: 0,
          oldest_session_start_timestamp_seconds: null,
        }),
      ],
      faults: [{ name: 'slow', operation: USERS, probability: 0, effect: 'delayMs' }],
      limits: [{ kind: 'sliding-second', limit: 100 }],
      denials: [{ instance: 'sag-quiet' }],
      quirks: {},
      keys: [
        { access_key_id: 'testid', temporary: false, state: 'active' },
        { access_key_id: 'other', temporary: false, state: 'active' },
      ],
      requests: {
        in_flight: 0,
        by_operation: { [USERS]: 2 },
        by_code: { OK: 1, Forbidden: 1 },
      },
    });
    expect(logged).toContain('add_key');
    expect(logged + JSON.stringify(state)).not.toMatch(/hush|testsecret/);

    const [, users] = await ask('/instances/sag-small/users');
    expect(users).toEqual(
      world.users('sag-small').map(({ name, state: off, bandwidth, staticIp, sessions }) => ({
        user_name: name,
        enabled: off === 0,
        bandwidth_kbps: bandwidth,
        static_ip: staticIp ?? null,
        sessions: sessions.map(({ clientIp, onlineTime }) => ({
          client_ip: clientIp,
          start_timestamp_seconds: onlineTime,
        })),
      })),
    );
  });

  it('lists its actions with their keys', async () => {
    const [, list] = await ask('/');
    expect(list).toMatchObject({
      actions: expect.arrayContaining([
        expect.objectContaining({
          name: 'kick',
          does: expect.stringMatching(/\.$/),
          takes: expect.objectContaining({ required: ['instance'] }),
        }),
      ]),
    });
  });

  it.each<[string, unknown, number, unknown]>([
    ['kick', { instance: 'sag-none' }, 409, { error: 'There is no instance sag-none' }],
    [
      'kick',
      { instance: 'sag-small', user: 'nobody.here' },
      409,
      { error: 'There is no user nobody.here in instance sag-small' },
    ],
    [
      'add_instance',
      { id: 'sag-small', region: 'cn-shanghai' },
      409,
      { error: 'There is an instance sag-small already' },
    ],
    ['remove_fault', { name: 'none' }, 409, { error: 'There is no fault none' }],
    [
      'disconnect',
      { instance: 'sag-quiet', user: 'x', client_ip: '10.0.0.1' },
      400,
      {
        error: 'nothing was done: some keys of the action are wrong',
        problems: [{ path: 'user', expected: expect.stringContaining('a user name'), got: '"x"' }],
      },
    ],
    [
      'add_users',
      { instnce: 'sag-small', count: 0, names: 'x', more: 1 },
      400,
      {
        error: 'nothing was done: some keys of the action are wrong',
        problems: [
          { path: 'instnce', expected: 'a known key, perhaps instance', got: 'an unknown key' },
          {
            path: 'more',
            expected: 'one of the keys instance, count, names',
            got: 'an unknown key',
          },
          { path: 'instance', expected: 'an instance id such as sag-abc123', got: 'nothing' },
          { path: 'count', expected: 'a whole number from 1 up', got: '0' },
          { path: 'names', expected: 'a list', got: '"x"' },
          { path: 'count', expected: 'either count or names', got: 'both' },
        ],
      },
    ],
    [
      'add_key',
      { access_key_id: 'a', access_key_secret: ['hush'], security_tokn: 'hush' },
      400,
      {
        error: 'nothing was done: some keys of the action are wrong',
        problems: [
          {
            path: 'security_tokn',
            expected: 'a known key, perhaps security_token',
            got: 'an unknown key',
          },
          { path: 'access_key_secret', expected: 'the secret of an access key', got: 'a list' },
        ],
      },
    ],
    ['kik', {}, 404, { error: 'there is no such action; did you mean kick?' }],
    ['explode', {}, 404, { error: 'there is no such action; GET /-/control/ lists all actions' }],
    ['kick', '{"instance": hush', 400, { error: 'the request body is not a JSON object' }],
    ['kick', '"hush"', 400, { error: 'the request body is not a JSON object' }],
    [
      'kick',
      '[]',
      400,
      {
        error: 'nothing was done: some keys of the action are wrong',
        problems: [{ path: '', expected: 'a mapping of keys', got: 'an empty list' }],
      },
    ],
    [
      'kick',
      `{"instance":"${'x'.repeat(2 ** 20)}"}`,
      413,
      { error: 'the request body is larger than 1 MiB' },
    ],
  ])('refuses %s %#, and nothing changes', async (action, takes, status, body) => {
    const before = await ask('/state');
    const answer = await act(action, takes);
    expect(answer).toEqual([status, body]);
    expect(JSON.stringify(answer) + logged).not.toContain('hush');
    expect(await ask('/state')).toEqual(before);
  });

  it('refuses bodies without the content type of JSON, which forms of other sites cannot send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect(
        await ask('/clear_faults', {
          method: 'POST',
          headers: { 'content-type': type },
          body: '{}',
        }),
      ).toEqual([
        415,
        { error: 'the request must be a JSON object with content-type: application/json' },
      ]);
    }
    expect(await ask('/clear_faults', { method: 'POST' })).toEqual([415, expect.anything()]);
  });

  it('answers 404 on other paths', async () => {
    expect((await ask('/nothing/here'))[0]).toBe(404);
    expect((await ask('/instances/sag-none/users'))[0]).toBe(404);
    expect((await fetch(`http://${control.address}/`)).status).toBe(404);
  });
});
