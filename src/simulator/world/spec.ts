import type { Clock } from '../../clock.ts';
import type { RhythmSpec } from './rhythm.ts';
import type { WorldTimeSpec } from './time.ts';

/** One connected client of a user. */
export interface Session {
  /** IPv4 address inside the instance's network. */
  readonly clientIp: string;
  /** When it connected, in whole seconds since the epoch. */
  readonly onlineTime: number;
}

/** 0: enabled, 1: disabled (DescribeSmartAccessGatewayClientUsers page, State). */
export type UserState = 0 | 1;

/** One client account of an instance; a live view, current as of the last question to its instance. */
export interface User {
  readonly name: string;
  readonly mail: string;
  /** Kbit/s. */
  readonly bandwidth: number;
  /** Kbit/s of application acceleration; 0: none. */
  readonly acceleratedBandwidth: number;
  readonly state: UserState;
  /** The user's fixed address; undefined: one is assigned at each connection. */
  readonly staticIp: string | undefined;
  /** In the order they connected; empty: offline. */
  readonly sessions: readonly Session[];
  /** When a client last connected, in whole seconds since the epoch; undefined: none ever did. */
  readonly lastOnlineTime: number | undefined;
}

/** What of a user can be changed. */
export interface UserChange {
  /** Kbit/s. */
  readonly bandwidth?: number;
  readonly mail?: string;
}

/** How to make one user; what is left out is drawn or takes the API's default. */
export interface UserSpec {
  readonly name: string;
  /** @default the name, where that is a mail address, else the name at example.com */
  readonly mail?: string;
  /** Kbit/s. @default 2000 */
  readonly bandwidth?: number;
  /** Kbit/s. @default 0 */
  readonly acceleratedBandwidth?: number;
  /** @default 0 (enabled) */
  readonly state?: UserState;
  /** A fixed address; @default none */
  readonly staticIp?: string;
  /** Clients connected from the start; @default none */
  readonly sessions?: readonly Session[];
}

/** What an instance says about itself in DescribeSmartAccessGateways. */
export interface InstanceDetails {
  readonly id: string;
  /** 16 digits. */
  readonly uid: bigint;
  readonly regionId: string;
  /** `software` is a SAG APP instance; `hardware` has no users. */
  readonly type: 'software' | 'hardware';
  readonly name: string;
  readonly description: string;
  readonly status: string;
  /** Quota of client accounts (UserCount). */
  readonly usersLimit: number;
  /** Mbit/s. */
  readonly maxBandwidth: number;
  /** Free traffic of each account, in GB a month. */
  readonly dataPlan: number;
  /** Milliseconds since the epoch. */
  readonly createTime: number;
  /** Milliseconds since the epoch. */
  readonly endTime: number;
  /** Private networks of the clients, comma-separated; empty: not configured yet. */
  readonly cidrBlock: string;
}

/** New accounts of an instance, made evenly one after the other; past its limit none are made. */
export interface GrowthSpec {
  /** Accounts a day of the world. */
  readonly perDay: number;
  /** No more are made while there are so many. @default only the limit counts */
  readonly until?: number;
}

/** Whether users come and go by themselves, and accounts are made. */
export type ActivityKind = 'still' | 'living';

/** How to make one instance; what is left out is drawn from the seed or takes the default named. */
export interface InstanceSpec extends Partial<Omit<InstanceDetails, 'id' | 'regionId'>> {
  readonly id: string;
  readonly regionId: string;
  /** How many users to make up, or exactly which. @default 0 */
  readonly users?: number | readonly UserSpec[];
  /** Names of the first made-up users; the others are made up. @default none */
  readonly userNames?: readonly string[];
  /** Share of enabled users who are online. @default 0.1 for made-up users, 0 for listed ones */
  readonly onlineRatio?: number;
  /** How that share changes through the day, in place of `onlineRatio`. @default not at all */
  readonly rhythm?: RhythmSpec;
  /** @default none */
  readonly growth?: GrowthSpec;
  /** Share of online users who are connected with two clients. @default 0.05 */
  readonly multiDeviceRatio?: number;
  /** Share of made-up users who are disabled. @default 0.02 */
  readonly disabledRatio?: number;
  /** Share of made-up users who have a fixed address. @default 0.03 */
  readonly staticIpRatio?: number;
  /** Share of made-up users whose name is their mail address. @default the world's */
  readonly mailNameRatio?: number;
  /** How long a client stays connected, on average, in milliseconds of the world. @default two hours */
  readonly meanSessionMs?: number;
  /** @default the world's */
  readonly activity?: ActivityKind;
}

/** How to make a world: the same spec, seed and clock readings give the same world, byte for byte. */
export interface WorldSpec extends WorldTimeSpec {
  readonly seed: number | string;
  readonly clock: Clock;
  readonly instances: readonly InstanceSpec[];
  /** @default 'still' */
  readonly activity?: ActivityKind;
  /** Share of made-up users whose name is their mail address. @default 0 */
  readonly mailNames?: number;
}
