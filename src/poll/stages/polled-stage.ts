import type { Clock } from '../../clock.ts';
import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import type { Log } from '../../log.ts';
import type { ApiError } from '../../model/api-error.ts';
import type { Session } from '../../model/session.ts';
import type { Lists } from '../../smartag/lists/lists.ts';
import type { Client } from '../../smartag/operation.ts';
import type { AccountGate } from '../account-gate.ts';
import type { FailureLog } from '../failure-log.ts';
import type { Fallbacks } from '../fallbacks.ts';
import type { Calls } from '../forecast/calls.ts';
import type { FleetLook, ForecastSettings, ForecastStrategy } from '../forecast/fleet-look.ts';
import type { PollSettings } from '../settings.ts';
import type { Totals } from '../totals.ts';

export interface PollContext {
  /** A monotonic time; see Recurring. */
  readonly inStepWith: number;
  readonly clock: Clock;
  readonly client: Client;
  readonly fleet: Pick<Fleet, 'roomFor' | 'sessionsEnded'>;
  readonly lists: Lists;
  readonly totals: Totals;
  readonly fallbacks: Fallbacks;
  readonly gate: AccountGate;
  readonly failureLog: FailureLog;
  readonly settings: PollSettings;
}

/** The results of an online pass besides the counts. */
export interface OnlineFound {
  /** Monotonic time at which the pass began; every count is newer. */
  readonly begun: number;
  /** The same moment by the wall clock, in seconds since the epoch. */
  readonly begunAt: number;
  /** The sessions of users who were asked about one by one. The answers with their counts contain them. */
  readonly sessions?: ReadonlyMap<string, readonly Session[]>;
  /** Why some users could not be asked about; the counts of the others are stored. */
  readonly failure?: ApiError;
}

export interface PolledInstance extends PollContext {
  readonly record: InstanceRecord;
  readonly log: Log;
  /** Maximum number of calls that a pass makes, or keeps waiting for their turn, at once. */
  readonly parallel: number;
  /** The results of the newest online pass besides the counts. The sessions pass after it uses them. */
  onlineFound?: OnlineFound;
}

/**
 * Makes one pass and stores its results in the snapshot. Resolves with an error when some users could not be
 * asked about; their earlier data is kept.
 *
 * @throws ApiError when nothing was stored
 */
export type Pass = (signal: AbortSignal) => Promise<ApiError | undefined>;

/** The part of a stage that makes calls. The rest is the stage's descriptor in model/stage.ts. */
export interface PolledStage {
  /** Begins the stage on one instance; returns the function that makes each of its passes. */
  readonly begin: (instance: PolledInstance) => Pass;
  /** Whether the passes of an account's instances begin together, so that they can share calls. */
  readonly inStep?: boolean;
  /** For `doctor`: one cheap call that shows whether the operation of an optional stage is permitted. */
  readonly trial?: (
    client: Client,
    user: { readonly regionId: string; readonly instanceId: string; readonly userName: string },
    signal: AbortSignal,
  ) => Promise<unknown>;
  /** For `plan`: the calls of one pass over all instances. */
  readonly calls: (
    fleet: FleetLook,
    settings: ForecastSettings,
    strategy: ForecastStrategy,
  ) => readonly Calls[];
}
