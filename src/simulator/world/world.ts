import { Instance } from './instance.ts';
import type {
  InstanceDetails,
  InstanceSpec,
  Session,
  User,
  UserSpec,
  UserState,
  WorldSpec,
} from './spec.ts';
import { WorldTime } from './time.ts';
import { Timeline } from './timeline.ts';

/**
 * The data behind the API: instances, users, sessions. The API reads and changes it, and tests and scenarios
 * change it directly. A living world also changes by itself. Only the seed and the clock decide how.
 *
 * Every method with an instance or a user throws an Error when it does not exist.
 */
export interface World {
  readonly time: WorldTime;
  /**
   * Plans an event at a moment of world time, repeated each `every` milliseconds of world time. The next call
   * of any method plays it, with the world's time fixed to that moment.
   */
  plan(at: number, happen: () => void, every?: number): void;
  /** Plays the events that are due. Every other method does so too. */
  catchUp(): void;

  /** In the order in which they were added. */
  instances(): readonly Instance[];
  /** Undefined when it does not exist. */
  instance(instanceId: string): Instance | undefined;
  /** @throws Error when an instance has the id already */
  addInstance(spec: InstanceSpec): Instance;
  removeInstance(instanceId: string): void;
  changeInstance(
    instanceId: string,
    details: Partial<Omit<InstanceDetails, 'id' | 'regionId' | 'cidrBlock'>>,
  ): void;

  /** In the order of their creation. */
  users(instanceId: string): readonly User[];
  onlineUsers(instanceId: string): readonly User[];
  user(instanceId: string, userName: string): User;
  /** Ignores the limit of the instance. @throws Error when a user has the name already */
  addUser(instanceId: string, spec: UserSpec): User;
  /** Adds users with made-up names. Ignores the limit of the instance. */
  addUsers(instanceId: string, count: number): readonly User[];
  removeUser(instanceId: string, userName: string): void;
  /** Disabling also ends the user's sessions. */
  setUserState(instanceId: string, userName: string, state: UserState): void;

  /** Connects a client, by default now and with the next free address. It stays connected. */
  connect(instanceId: string, userName: string, client?: Partial<Session>): Session;
  /** Ends the sessions of one address. */
  disconnect(instanceId: string, userName: string, clientIp: string): void;
  kick(instanceId: string, userName: string): void;
}

export function createWorld(spec: WorldSpec): World {
  const { seed, clock, activity = 'still', mailNames = 0 } = spec;
  const time = new WorldTime(clock, spec);
  const timeline = new Timeline(time);
  const instances = new Map<string, Instance>();
  let ordinal = 0;

  const find = (instanceId: string): Instance | undefined => {
    timeline.catchUp();
    return instances.get(instanceId);
  };
  const expect = (instanceId: string): Instance => {
    const instance = find(instanceId);
    if (instance === undefined) throw new Error(`There is no instance ${instanceId}`);
    return instance;
  };

  const world: World = {
    time,
    plan: (at, happen, every) => timeline.plan(at, happen, every),
    catchUp: () => timeline.catchUp(),

    instances() {
      timeline.catchUp();
      return [...instances.values()];
    },
    instance: find,
    addInstance(instanceSpec) {
      if (find(instanceSpec.id)) throw new Error(`There is an instance ${instanceSpec.id} already`);
      const instance = new Instance(instanceSpec, {
        seed,
        time,
        activity,
        mailNames,
        ordinal: ordinal++,
      });
      instances.set(instance.id, instance);
      return instance;
    },
    removeInstance(instanceId) {
      instances.delete(expect(instanceId).id);
    },
    changeInstance: (instanceId, details) => expect(instanceId).change(details),

    users: (instanceId) => expect(instanceId).users,
    onlineUsers: (instanceId) => expect(instanceId).onlineUsers(),
    user(instanceId, userName) {
      const user = expect(instanceId).user(userName);
      if (user === undefined)
        throw new Error(`There is no user ${userName} in instance ${instanceId}`);
      return user;
    },
    addUser: (instanceId, user) => expect(instanceId).addUser(user),
    addUsers(instanceId, count) {
      const instance = expect(instanceId);
      return Array.from({ length: count }, () => instance.addMadeUpUser());
    },
    removeUser: (instanceId, userName) => expect(instanceId).removeUser(userName),
    setUserState: (instanceId, userName, state) => expect(instanceId).setUserState(userName, state),

    connect: (instanceId, userName, client) => expect(instanceId).connect(userName, client),
    disconnect: (instanceId, userName, clientIp) =>
      expect(instanceId).disconnect(userName, clientIp),
    kick: (instanceId, userName) => expect(instanceId).kick(userName),
  };

  for (const instance of spec.instances) world.addInstance(instance);
  return world;
}
