import { type Clock, DAY, sleep } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Fleet, InstanceRecord } from '../fleet/fleet.ts';
import { INSTANCE_STAGES, type InstanceStage, STAGES, withInterval } from '../model/stage.ts';
import type { Exporter } from './exporter.ts';

/** Milliseconds between two checks of whether the passes have ended. */
const CHECK_INTERVAL = 50;

/** An interval longer than any command runs, so that each stage makes one pass. */
const NEVER_AGAIN = 365 * DAY;

/** Changes the intervals so that each stage runs once. */
export function withOnePass(config: Config): Config {
  return { ...config, polling: withInterval(config.polling, NEVER_AGAIN) };
}

export interface FirstPasses {
  /** Whether discovery is still running, so that the number of instances may grow. */
  readonly discovering: boolean;
  readonly instances: number;
  /** Instances on which every stage has made its first pass, or cannot begin one. */
  readonly done: number;
  readonly underWay: readonly PassUnderWay[];
}

interface PassUnderWay {
  readonly instanceId: string;
  readonly stage: InstanceStage;
  /** From 0 to 1. */
  readonly progress: number;
}

/** Runs the exporter until every stage has ended its first pass, successful or not, and stops it. */
export async function makeFirstPasses(
  exporter: Pick<Exporter, 'fleet' | 'start' | 'stop'>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onProgress?: (passes: FirstPasses) => void;
  },
): Promise<void> {
  const { clock, signal, onProgress } = options;
  exporter.start();
  try {
    for (;;) {
      // Waits before the first check, so that a stage that follows another stage can begin its pass.
      await sleep(clock, CHECK_INTERVAL, signal);
      const passes = firstPasses(exporter.fleet);
      onProgress?.(passes);
      if (!passes.discovering && passes.done === passes.instances) return;
    }
  } finally {
    await exporter.stop();
  }
}

function firstPasses(fleet: Fleet): FirstPasses {
  // An account whose credentials are refused is paused, and its passes do not end by themselves.
  const isPaused = (name: string): boolean => fleet.account(name).paused !== undefined;
  const discovering =
    [...fleet.accounts].some(({ name, regionsPending }) => regionsPending && !isPaused(name)) ||
    [...fleet.regions].some(
      ({ account, discovery }) => discovery.ended === 'never' && !isPaused(account),
    );
  const instances = [...fleet.instances];
  const done = instances.filter((record) => isPaused(record.id.account) || isDone(record));
  const underWay = instances.flatMap(({ id, stages }) =>
    INSTANCE_STAGES.flatMap((stage) => {
      const progress = stages[stage]?.progress ?? 1;
      return progress < 1 ? [{ instanceId: id.instanceId, stage, progress }] : [];
    }),
  );
  return { discovering, instances: instances.length, done: done.length, underWay };
}

function isDone({ stages, snapshot }: InstanceRecord): boolean {
  return INSTANCE_STAGES.every((stage) => {
    const record = stages[stage];
    if (record?.ended !== 'never' || !canBegin(stage)) return true;
    // A stage has no pass when the pass of the stage that it follows has failed.
    const { follows } = STAGES[stage];
    return follows && stages[follows]?.ended === 'badly' && record.progress === 1;
  });

  /** A stage that needs the users of an instance cannot begin when their list could not be read. */
  function canBegin(stage: InstanceStage): boolean {
    const { after, follows } = STAGES[stage];
    return (!after || snapshot[after] !== undefined) && (!follows || canBegin(follows));
  }
}
