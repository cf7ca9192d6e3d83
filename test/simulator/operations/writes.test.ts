import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../../src/clock.ts';
import type { User } from '../../../src/simulator/index.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type Body, call } from '../client.ts';
import { INSTANCES, NEW_USER, OFFICE } from '../office.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ instances: INSTANCES });
});
afterEach(() => started.stop());

const user = (name: string): User => started.simulator.world.user('sag-office', name);

/** Calls an operation about a user of the office. @returns the code of an error answer */
async function act(
  operation: string,
  UserName: string,
  more: Record<string, string> = {},
): Promise<Body> {
  return (await call(started, operation, { ...OFFICE, UserName, ...more })).body;
}

describe('ModifySmartAccessGatewayClientUser', () => {
  const OPERATION = 'ModifySmartAccessGatewayClientUser';

  it('changes bandwidth and mail address, and answers with the user', async () => {
    const Email = 'li.wei@example.org';
    const body = await act(OPERATION, 'li.wei017', { Bandwidth: '20000', Email });
    expect(body).toMatchObject({
      UserName: 'li.wei017',
      UserMail: Email,
      Bandwidth: 20_000,
      ClientIp: '10.1.0.9',
    });
    expect(user('li.wei017')).toMatchObject({ bandwidth: 20_000, mail: Email });
  });

  it('changes only what is sent', async () => {
    await act(OPERATION, 'wang.fang', { Bandwidth: '1' });
    expect(user('wang.fang')).toMatchObject({ bandwidth: 1, mail: 'fang@example.com' });
    const body = await act(OPERATION, 'wang.fang', { Email: 'f@example.org' });
    expect(body).toMatchObject({ Bandwidth: 1, UserMail: 'f@example.org' });
    expect(body).not.toHaveProperty('ClientIp');
  });

  it('changes nothing when it is refused', async () => {
    await act(OPERATION, 'wang.fang', { Bandwidth: '1', Email: 'nowhere' });
    await act(OPERATION, 'wang.fang', { Bandwidth: '20001', Email: 'f@example.org' });
    expect(user('wang.fang')).toMatchObject({ bandwidth: 2000, mail: 'fang@example.com' });
  });
});

describe('DeleteSmartAccessGatewayClientUser', () => {
  const OPERATION = 'DeleteSmartAccessGatewayClientUser';
  const names = (): string[] => started.simulator.world.users('sag-office').map(({ name }) => name);

  it('deletes a user, whose name and place under the limit are then free again', async () => {
    await act('CreateSmartAccessGatewayClientUser', 'doctest', NEW_USER);
    expect(await act(OPERATION, 'wang.fang')).toEqual({ RequestId: expect.any(String) });
    expect(names()).toEqual(['li.wei017', 'doc', 'doctest']);
    const again = { ...NEW_USER, UserName: 'wang.fang' };
    const created = await act('CreateSmartAccessGatewayClientUser', 'wang.fang', again);
    expect(created).not.toHaveProperty('Code');
  });

  it('refuses to delete a user who was online this month, even after the last client has left', async () => {
    started.simulator.world.connect('sag-office', 'doc');
    expect((await act(OPERATION, 'doc'))['Code']).toBe('ClientUser.UserInUsing');
    started.simulator.world.kick('sag-office', 'doc');
    expect((await act(OPERATION, 'doc'))['Code']).toBe('ClientUser.UserInUsing');
    await started.clock.advance(31 * DAY - SECOND);
    expect((await act(OPERATION, 'doc'))['Code']).toBe('ClientUser.UserInUsing');
    await started.clock.advance(SECOND);
    expect(await act(OPERATION, 'doc')).not.toHaveProperty('Code');
    expect(names()).not.toContain('doc');
  });

  it('ends the month by the time zone of the quirk', async () => {
    started.simulator.quirks.set({ trafficMonth: 'Asia/Shanghai' });
    started.simulator.world.connect('sag-office', 'doc');
    started.simulator.world.kick('sag-office', 'doc');
    await started.clock.advance(31 * DAY - 8 * 3600 * SECOND);
    expect(await act(OPERATION, 'doc')).not.toHaveProperty('Code');
  });
});

describe('EnableSmartAccessGatewayUser and DisableSmartAccessGatewayUser', () => {
  it('disabling ends the sessions, and enabling does not restore them', async () => {
    expect(await act('DisableSmartAccessGatewayUser', 'li.wei017')).toEqual({
      RequestId: expect.any(String),
    });
    expect(user('li.wei017')).toMatchObject({ state: 1, sessions: [] });
    await act('EnableSmartAccessGatewayUser', 'li.wei017');
    expect(user('li.wei017')).toMatchObject({ state: 0, sessions: [] });
  });

  it.each([
    ['EnableSmartAccessGatewayUser', 'li.wei017', 0],
    ['DisableSmartAccessGatewayUser', 'wang.fang', 1],
  ])(
    '%s changes nothing for a user who is in that state already',
    async (operation, name, state) => {
      expect(await act(operation, name)).not.toHaveProperty('Code');
      expect(user(name).state).toBe(state);
    },
  );
});

describe('KickOutClients', () => {
  it('ends all sessions of the user, and no session of other users', async () => {
    const { body } = await call(started, 'KickOutClients', { ...OFFICE, Username: 'li.wei017' });
    expect(body).toEqual({ RequestId: expect.any(String) });
    expect(user('li.wei017')).toMatchObject({ state: 0, sessions: [] });
    expect(user('doc').sessions).toHaveLength(1);
  });

  it.each(['wang.fang', 'nobody.here'])('does nothing for %s', async (Username) => {
    const { status } = await call(started, 'KickOutClients', { ...OFFICE, Username });
    expect(status).toBe(200);
    expect(started.simulator.world.instance('sag-office')?.sessionCount).toBe(3);
  });
});

it('ResetSmartAccessGatewayClientUserPassword changes nothing that another operation shows', async () => {
  const before = JSON.stringify(started.simulator.world.users('sag-office'));
  expect(await act('ResetSmartAccessGatewayClientUserPassword', 'li.wei017')).toEqual({
    RequestId: expect.any(String),
  });
  expect(JSON.stringify(started.simulator.world.users('sag-office'))).toBe(before);
});
