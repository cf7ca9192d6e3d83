import { type Clock, DAY, sleep } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Fleet, InstanceRecord } from '../fleet/fleet.ts';
import { INSTANCE_STAGES, type InstanceStage, STAGES, withInterval } from '../model/stage.ts';
import type { Exporter } from './exporter.ts';

/** How often it is looked whether the passes have ended, in milliseconds. */
const LOOK = 50;

/** No command that makes one pass of each stage runs so long. */
const NEVER_AGAIN = 365 * DAY;

/** The configuration with each stage run once. */
export function withOnePass(config: Config): Config {
  return { ...config, polling: withInterval(config.polling, NEVER_AGAIN) };
}

/** How far the first passes are. */
export interface FirstPasses {
  /** Whether it is still being found out which instances there are. */
  readonly discovering: boolean;
  readonly instances: number;
  /** Instances of which every stage has ended, or cannot begin. */
  readonly done: number;
  readonly underWay: readonly PassUnderWay[];
}

interface PassUnderWay {
  readonly instanceId: string;
  readonly stage: InstanceStage;
  /** Share that is done, 0 to 1. */
  readonly progress: number;
}

/** Runs the exporter until every stage has made its first pass, well or badly, and stops it. */
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
      // First, so that a pass that follows another has begun when it is looked for.
      await sleep(clock, LOOK, signal);
      const passes = firstPasses(exporter.fleet);
      onProgress?.(passes);
      if (!passes.discovering && passes.done === passes.instances) return;
    }
  } finally {
    await exporter.stop();
  }
}

/** How far the first passes of the fleet are. */
function firstPasses(fleet: Fleet): FirstPasses {
  // An account whose credentials are refused is paused: its passes will not end by themselves.
  const paused = (name: string): boolean => fleet.account(name).paused !== undefined;
  const discovering =
    [...fleet.accounts].some(({ name, regionsPending }) => regionsPending && !paused(name)) ||
    [...fleet.regions].some(
      ({ account, discovery }) => discovery.ended === 'never' && !paused(account),
    );
  const instances = [...fleet.instances];
  const done = instances.filter((record) => paused(record.id.account) || isDone(record));
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
    // A pass of the stage that it follows was given up: no pass of its own follows.
    const { follows } = STAGES[stage];
    return follows && stages[follows]?.ended === 'badly' && record.progress === 1;
  });

  /** A stage that needs the users of an instance cannot begin when their list could not be read. */
  function canBegin(stage: InstanceStage): boolean {
    const { after, follows } = STAGES[stage];
    return (!after || snapshot[after] !== undefined) && (!follows || canBegin(follows));
  }
}
