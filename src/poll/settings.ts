import type { StageSettings } from '../model/stage.ts';

/** The settings of an account, as in `accounts` of the configuration. */
export interface AccountSettings {
  readonly name: string;
  /** Replaces the endpoints of all regions, so that every region that DescribeRegions lists can be asked. */
  readonly endpoint?: string | undefined;
  /** The regions to discover in; empty for all regions where SAG APP exists. */
  readonly regions: readonly string[];
  readonly discovery: boolean;
  readonly instances: readonly {
    readonly id: string;
    readonly region: string;
    readonly usersLimit?: number | undefined;
  }[];
  /** Globs on the id or name of discovered instances. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface PollSettings extends StageSettings {
  readonly strategy: 'auto' | 'batched' | 'fan-out';
  readonly pageSize: number;
  readonly concurrency: number;
}
