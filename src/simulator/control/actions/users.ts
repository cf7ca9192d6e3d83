import type { Mapping } from '../../../input/path.ts';
import type { Finding } from '../../../input/problem.ts';
import { integer, section, text } from '../../../input/values.ts';
import { defineAction } from '../action.ts';
import { instanceId, userName, userNames } from '../values.ts';

const INSTANCE = instanceId().describe('Id of the instance.');
const USER = userName().describe('Name of the user.');

export const addUsers = defineAction({
  name: 'add_users',
  does: 'Creates users, even beyond the limit of the instance.',
  takes: section({
    instance: INSTANCE,
    count: integer(1).optional().describe('Number of users, with made-up names.'),
    names: userNames().optional().describe('Or their names.'),
  }),
  check: countOrNames,
  perform({ world }, { instance, count = 0, names = [] }) {
    const users = [
      ...world.addUsers(instance, count),
      ...names.map((name) => world.addUser(instance, { name })),
    ];
    return { users: users.map(({ name }) => name) };
  },
});

export const removeUsers = defineAction({
  name: 'remove_users',
  does: 'Deletes users.',
  takes: section({
    instance: INSTANCE,
    count: integer(1).optional().describe('Number of users; those created last are deleted.'),
    names: userNames().optional().describe('Or their names.'),
  }),
  check: countOrNames,
  perform({ world }, { instance, count = 0, names = [] }) {
    const last = count === 0 ? [] : world.users(instance).slice(-count);
    const users = [...names, ...last.map(({ name }) => name)];
    for (const name of users) world.removeUser(instance, name);
    return { users };
  },
});

export const disableUser = defineAction({
  name: 'disable_user',
  does: 'Disables a user, which also disconnects it.',
  takes: section({ instance: INSTANCE, user: USER }),
  perform: ({ world }, { instance, user }) => world.setUserState(instance, user, 1),
});

export const enableUser = defineAction({
  name: 'enable_user',
  does: 'Enables a user again.',
  takes: section({ instance: INSTANCE, user: USER }),
  perform: ({ world }, { instance, user }) => world.setUserState(instance, user, 0),
});

export const connect = defineAction({
  name: 'connect',
  does: 'Connects one client of a user, or one client each of several offline users. They stay connected until an action disconnects them.',
  takes: section({
    instance: INSTANCE,
    user: USER.optional().describe('Name of the user.'),
    count: integer(1).optional().describe('Or the number of offline users.'),
  }),
  check: (keys) => exactlyOne(keys, 'user', 'count'),
  perform({ world }, { instance, user, count = 0 }) {
    const users =
      user === undefined
        ? world
            .users(instance)
            .filter(({ state, sessions }) => state === 0 && sessions.length === 0)
            .slice(0, count)
            .map(({ name }) => name)
        : [user];
    return {
      clients: users.map((name) => ({
        user: name,
        client_ip: world.connect(instance, name).clientIp,
      })),
    };
  },
});

export const disconnect = defineAction({
  name: 'disconnect',
  does: 'Disconnects one client.',
  takes: section({
    instance: INSTANCE,
    user: USER,
    client_ip: text('the address of a client').describe('Address of the client.'),
  }),
  perform({ world }, { instance, user, client_ip }) {
    const { sessions } = world.user(instance, user);
    if (!sessions.some(({ clientIp }) => clientIp === client_ip)) {
      throw new Error(`User ${user} in instance ${instance} has no client ${client_ip}`);
    }
    world.disconnect(instance, user, client_ip);
  },
});

export const kick = defineAction({
  name: 'kick',
  does: 'Disconnects every client of a user, or of all users.',
  takes: section({
    instance: INSTANCE,
    user: USER.optional().describe('Name of the user; by default all users.'),
  }),
  perform({ world }, { instance, user }) {
    const users = user === undefined ? world.onlineUsers(instance).map(({ name }) => name) : [user];
    for (const name of users) world.kick(instance, name);
    return { users };
  },
});

function countOrNames(keys: Mapping): Iterable<Finding> {
  return exactlyOne(keys, 'count', 'names');
}

function* exactlyOne(keys: Mapping, one: string, other: string): Generator<Finding> {
  const both = keys[one] !== undefined && keys[other] !== undefined;
  const neither = keys[one] === undefined && keys[other] === undefined;
  if (!both && !neither) return;
  yield { path: [one], expected: `either ${one} or ${other}`, got: both ? 'both' : 'neither' };
}
