import type { InstanceRecord } from '../fleet/fleet.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import type { Log } from '../log.ts';
import { INSTANCE_STAGES, type InstanceStage, STAGES } from '../model/stage.ts';
import { runPass, runStage, type StageRun } from './stage-runner.ts';
import type { PollContext, PolledInstance } from './stages/polled-stage.ts';
import { POLLED_STAGES } from './stages/polled-stages.ts';

/** For each call in flight, a pass keeps this many calls waiting for their turn, so that no slot is idle. */
const WAITING_PER_SLOT = 2;

/**
 * Polls one instance until the signal aborts. Each enabled stage begins as its descriptor says: at once, or
 * when the stage before it has stored something, or with one pass after each pass of the stage that it
 * follows. Resolves when the last pass has ended.
 */
export async function pollInstance(
  record: InstanceRecord,
  context: PollContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const parallel = WAITING_PER_SLOT * context.settings.concurrency;
  const instance: PolledInstance = { ...context, record, log, parallel };
  const running = new Map<InstanceStage, Promise<void>>();
  const followers = new Map<InstanceStage, Follower>();

  const begin = (stage: InstanceStage, stageRecord: StageRecord): void => {
    const stageRun = runOf(stage, stageRecord);
    if (STAGES[stage].follows) {
      followers.set(stage, new Follower(stageRun, context, signal));
      return;
    }
    const { inStep } = POLLED_STAGES[stage];
    const { inStepWith, ...shared } = context;
    const schedule = {
      ...shared,
      interval: stageRecord.interval,
      setting: STAGES[stage].setting,
      ...(inStep && { inStepWith }),
    };
    running.set(stage, runStage(stageRun, schedule, signal));
  };

  const runOf = (stage: InstanceStage, stageRecord: StageRecord): StageRun => {
    const pass = POLLED_STAGES[stage].begin(instance);
    const { after, follows } = STAGES[stage];
    return {
      stage,
      record: stageRecord,
      run: async (passSignal) => {
        const failure = await pass(passSignal);
        beginDependents();
        for (const [name, follower] of followers) {
          if (STAGES[name].follows === stage) follower.follow();
        }
        if (failure) throw failure;
      },
      // The first stage still makes calls while the instance is inactive; the others wait until it is active
      // again.
      isSuspended: () => (after ?? follows) !== undefined && isInactive(record),
      log,
    };
  };

  const beginDependents = (): void => {
    for (const stage of INSTANCE_STAGES) {
      const stageRecord = record.stages[stage];
      const { after } = STAGES[stage];
      const canBegin = after === undefined || record.snapshot[after] !== undefined;
      const hasBegun = running.has(stage) || followers.has(stage);
      if (stageRecord && canBegin && !hasBegun) begin(stage, stageRecord);
    }
  };

  beginDependents();
  // A stage may begin while the loop waits for another; the map's iterator reaches it too.
  for (const run of running.values()) await run;
  for (const follower of followers.values()) await follower.idle;
}

/** Whether the API says that the instance has expired or is not activated. */
function isInactive({ stages }: InstanceRecord): boolean {
  return stages.users.lastError?.policy.suspendsInstance === true;
}

/**
 * Runs a pass of a stage after each pass of the stage that it follows, but never two passes at once. The
 * other stage does not wait. When several of its passes end during one pass of this stage, a single pass
 * follows them.
 */
class Follower {
  readonly #stageRun: StageRun;
  readonly #context: PollContext;
  readonly #signal: AbortSignal;
  #isDue = false;
  #isRunning = false;
  idle: Promise<void> = Promise.resolve();

  constructor(stageRun: StageRun, context: PollContext, signal: AbortSignal) {
    this.#stageRun = stageRun;
    this.#context = context;
    this.#signal = signal;
  }

  follow(): void {
    this.#isDue = true;
    if (!this.#isRunning) this.idle = this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await runPass(this.#stageRun, this.#context, this.#signal);
      }
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      this.#isRunning = false;
    }
  }
}
