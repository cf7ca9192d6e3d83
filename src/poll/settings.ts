import type { StageSettings } from '../model/stage.ts';

/** What the poller is told of an account; the configuration file's `accounts` entries fit. */
export interface AccountSettings {
  readonly name: string;
  /** Replaces every region's own endpoint: then any region that DescribeRegions names can be asked. */
  readonly endpoint?: string | undefined;
  /** Where to discover; empty: wherever SAG APP exists. */
  readonly regions: readonly string[];
  readonly discovery: boolean;
  readonly instances: readonly {
    readonly id: string;
    readonly region: string;
    readonly usersLimit?: number | undefined;
  }[];
  /** Globs on instance id or name, for discovery. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** How often and how much is asked; intervals in milliseconds from start to start. */
export interface PollSettings extends StageSettings {
  /** How it is found out who is online. */
  readonly strategy: 'auto' | 'batched' | 'fan-out';
  readonly pageSize: number;
  /** Calls in flight, per account. */
  readonly concurrency: number;
}
