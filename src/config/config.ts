/** The configuration as the program uses it: complete, checked and frozen. Times are in milliseconds. */
export interface Config {
  /** At least one; names are unique. */
  readonly accounts: readonly AccountConfig[];
  readonly polling: PollingConfig;
  readonly metrics: MetricsConfig;
  /** URL of the HTTP proxy for API calls, perhaps with a password in it; absent: HTTPS_PROXY and NO_PROXY decide. */
  readonly proxy?: string;
  readonly shard: ShardConfig;
}

/** One Alibaba Cloud account and what of it is watched. */
export interface AccountConfig {
  /** The `account` label. */
  readonly name: string;
  readonly credentials: CredentialsConfig;
  /** Scheme, host and port (`https://host:port`) that replace the region's own endpoint. */
  readonly endpoint?: string;
  /** Where to discover instances; empty: in every region where SAG APP exists. */
  readonly regions: readonly string[];
  /** Whether instances are discovered, beside those of `instances`. */
  readonly discovery: boolean;
  /** Instances named in the configuration; ids are unique. */
  readonly instances: readonly InstanceConfig[];
  /** Globs on instance id or name: a discovered instance is kept when one matches... */
  readonly include: readonly string[];
  /** ...and none of these does. */
  readonly exclude: readonly string[];
}

/** Where the access key of an account comes from. */
export type CredentialsConfig = ChainCredentialsConfig | StaticCredentialsConfig;

/** Alibaba Cloud's default chain: environment, OIDC, CLI profile, credentials file, ECS role. */
export interface ChainCredentialsConfig extends RoleConfig {
  readonly kind: 'chain';
}

/** The role that a key is used for, if any. */
export interface RoleConfig {
  /** The role to assume with the key. */
  readonly roleArn?: string;
  /** Scheme, host and port of the STS that is asked for it; absent: the environment decides. */
  readonly stsEndpoint?: string;
}

/** An access key from the configuration; its secret stands there or in a file. */
export type StaticCredentialsConfig = RoleConfig & {
  readonly kind: 'static';
  readonly accessKeyId: string;
  readonly securityToken?: string;
} & (
    | { readonly accessKeySecret: string; readonly accessKeySecretFile?: never }
    | { readonly accessKeySecret?: never; readonly accessKeySecretFile: string }
  );

/** An instance named in the configuration. */
export interface InstanceConfig {
  readonly id: string;
  readonly region: string;
  /** Users the instance may have; wins over what the API says. */
  readonly usersLimit?: number;
}

export const STRATEGIES = ['auto', 'batched', 'fan-out'] as const;
/** How the online users of an instance are found. */
export type Strategy = (typeof STRATEGIES)[number];

/** What is asked of the API and how often; every duration in milliseconds. */
export interface PollingConfig {
  readonly strategy: Strategy;
  /** Milliseconds from start to start, as are the other intervals. */
  readonly discoveryInterval: number;
  readonly usersInterval: number;
  readonly onlineInterval: number;
  /** Milliseconds after which a user's sessions are read again though their count did not change. */
  readonly sessionsInterval: number;
  readonly traffic: TrafficConfig;
  /** Milliseconds without a successful pass after which a stage's data is stale. */
  readonly staleAfter: number;
  readonly pageSize: number;
  /** Milliseconds one API call may take. */
  readonly timeout: number;
  /** Calls in flight, per account. */
  readonly concurrency: number;
  /** Upper bound of the budget, per account and operation; may be a fraction. */
  readonly requestsPerSecond: number;
  /** Whether the budget follows what the API lets through. */
  readonly adaptive: boolean;
}

/** The traffic stage. */
export interface TrafficConfig {
  readonly enabled: boolean;
  /** Milliseconds from start to start. */
  readonly interval: number;
}

export const DETAILS = ['instances', 'users', 'sessions'] as const;
/** The finest things that get series of their own. */
export type Detail = (typeof DETAILS)[number];

export const USER_NAMES = ['plain', 'hash', 'omit'] as const;
/** What stands in the `user_name` label. */
export type UserNameStyle = (typeof USER_NAMES)[number];

/** What is exposed. */
export interface MetricsConfig {
  readonly detail: Detail;
  readonly userName: UserNameStyle;
  /** File with the key of the hash; always present with `userName: 'hash'`. */
  readonly hashKeyFile?: string;
  readonly userMail: boolean;
  readonly sessionAge: boolean;
  /** Per-user and per-session series exposed at most. */
  readonly maxUserSeries: number;
}

/** Which part of the fleet this process watches. */
export interface ShardConfig {
  /** From 0 up, below `total`. */
  readonly index: number;
  readonly total: number;
}
