import type { Clock } from '../../clock.ts';
import type { RhythmSpec } from './rhythm.ts';
import type { WorldTimeSpec } from './time.ts';

export interface Session {
  /** IPv4 address inside the instance's network. */
  readonly clientIp: string;
  /** When it connected, in whole seconds since the epoch. */
  readonly onlineTime: number;
}

/** State of a user: 0 is enabled, 1 is disabled (DescribeSmartAccessGatewayClientUsers page, State). */
export type UserState = 0 | 1;

/** One user of an instance. The object changes when a method of its instance is next called. */
export interface User {
  readonly name: string;
  readonly mail: string;
  /** Kbit/s. */
  readonly bandwidth: number;
  /** Kbit/s of application acceleration; 0 for none. */
  readonly acceleratedBandwidth: number;
  readonly state: UserState;
  /** The user's fixed address; undefined when an address is assigned at each connection. */
  readonly staticIp: string | undefined;
  /** In the order in which the clients connected; empty when the user is offline. */
  readonly sessions: readonly Session[];
  /**
   * When a client last connected, in whole seconds since the epoch; undefined when no client has ever
   * connected.
   */
  readonly lastOnlineTime: number | undefined;
}

export interface UserChange {
  /** Kbit/s. */
  readonly bandwidth?: number;
  readonly mail?: string;
}

export interface UserSpec {
  readonly name: string;
  /** @default the name when it is a mail address, else `<name>@example.com` */
  readonly mail?: string;
  /** Kbit/s. @default 2000 */
  readonly bandwidth?: number;
  /** Kbit/s. @default 0 */
  readonly acceleratedBandwidth?: number;
  /** @default 0 (enabled) */
  readonly state?: UserState;
  /** A fixed address. @default none */
  readonly staticIp?: string;
  /** Clients that are connected from the start. @default none */
  readonly sessions?: readonly Session[];
}

export interface InstanceDetails {
  readonly id: string;
  /** 16 digits. */
  readonly uid: bigint;
  readonly regionId: string;
  /** `software` for a SAG APP instance; a `hardware` instance has no users. */
  readonly type: 'software' | 'hardware';
  readonly name: string;
  readonly description: string;
  readonly status: string;
  /** Quota of users (UserCount). */
  readonly usersLimit: number;
  /** Mbit/s. */
  readonly maxBandwidth: number;
  /** Free traffic of each user, in GB a month. */
  readonly dataPlan: number;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  /** Milliseconds since the epoch. */
  readonly endTime: number;
  /** Private networks of the clients, comma-separated; empty while not configured. */
  readonly cidrBlock: string;
}

/** Growth of an instance: users are created at even intervals, as long as the limit of the instance allows. */
export interface GrowthSpec {
  /** New users in a day of the world. */
  readonly perDay: number;
  /** No users are created while there are this many users. @default only the limit counts */
  readonly until?: number;
}

/** `living`: users come and go by themselves, and new users are created. `still`: nothing changes by itself. */
export type ActivityKind = 'still' | 'living';

/**
 * The properties of a new instance. Properties that are left out and have no default here are drawn from the
 * seed.
 */
export interface InstanceSpec extends Partial<Omit<InstanceDetails, 'id' | 'regionId'>> {
  readonly id: string;
  readonly regionId: string;
  /** The number of users to make up, or a list of users. @default 0 */
  readonly users?: number | readonly UserSpec[];
  /** Names of the first made-up users. @default made-up names */
  readonly userNames?: readonly string[];
  /** Share of enabled users who are online. @default 0.1 for made-up users, 0 for users of a list */
  readonly onlineRatio?: number;
  /** How that share changes through the day, in place of `onlineRatio`. @default a constant share */
  readonly rhythm?: RhythmSpec;
  /** @default none */
  readonly growth?: GrowthSpec;
  /** Share of online users who are connected with two clients. @default 0.05 */
  readonly multiDeviceRatio?: number;
  /** Share of made-up users who are disabled. @default 0.02 */
  readonly disabledRatio?: number;
  /** Share of made-up users who have a fixed address. @default 0.03 */
  readonly staticIpRatio?: number;
  /** Share of made-up users whose name is their mail address. @default the share of the world */
  readonly mailNameRatio?: number;
  /** Average duration of a session, in milliseconds of the world. @default two hours */
  readonly meanSessionMs?: number;
  /** @default the world's */
  readonly activity?: ActivityKind;
}

/** The properties of a new world. The same spec, seed and clock readings give the same world, byte for byte. */
export interface WorldSpec extends WorldTimeSpec {
  readonly seed: number | string;
  readonly clock: Clock;
  readonly instances: readonly InstanceSpec[];
  /** @default 'still' */
  readonly activity?: ActivityKind;
  /** Share of made-up users whose name is their mail address. @default 0 */
  readonly mailNames?: number;
}
