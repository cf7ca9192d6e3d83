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
 * The cloud behind the API: instances, users, sessions. The API reads it; tests and the demo also
 * change it. What a living world does by itself follows from its seed and its clock alone.
 *
 * Every method that names an instance or a user throws an Error when there is none of that name.
 */
export interface World {
  /** The time it lives by. */
  readonly time: WorldTime;
  /**
   * Lets something happen at a moment of the world's time, and again each `every` milliseconds of
   * it. It happens when somebody next asks anything, as if at its moment.
   */
  plan(at: number, happen: () => void, every?: number): void;
  /** Lets what is due happen; every question does. */
  catchUp(): void;

  /** In the order they were added. */
  instances(): readonly Instance[];
  /** Undefined when there is none. */
  instance(instanceId: string): Instance | undefined;
  /** @throws Error when there is one of that id already */
  addInstance(spec: InstanceSpec): Instance;
  removeInstance(instanceId: string): void;
  /** Changes what an instance says about itself, its limit for one. */
  changeInstance(
    instanceId: string,
    details: Partial<Omit<InstanceDetails, 'id' | 'regionId' | 'cidrBlock'>>,
  ): void;

  /** In the order of their creation. */
  users(instanceId: string): readonly User[];
  onlineUsers(instanceId: string): readonly User[];
  user(instanceId: string, userName: string): User;
  /** The instance's limit is not looked at. @throws Error when there is one of that name already */
  addUser(instanceId: string, spec: UserSpec): User;
  /** Makes so many users with made-up names; the instance's limit is not looked at. */
  addUsers(instanceId: string, count: number): readonly User[];
  removeUser(instanceId: string, userName: string): void;
  /** Disabling also ends the user's sessions. */
  setUserState(instanceId: string, userName: string, state: UserState): void;

  /** A client connects, by default now and with the next free address, and stays connected. */
  connect(instanceId: string, userName: string, client?: Partial<Session>): Session;
  /** Ends the sessions of one address. */
  disconnect(instanceId: string, userName: string, clientIp: string): void;
  /** Ends all sessions of a user. */
  kick(instanceId: string, userName: string): void;
}

/** Builds a world from its declaration. */
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
    if (instance === undefined) throw new Error(`No instance ${instanceId}`);
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
      if (find(instanceSpec.id)) throw new Error(`Instance ${instanceSpec.id} exists`);
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
      if (user === undefined) throw new Error(`No user ${userName} in instance ${instanceId}`);
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
