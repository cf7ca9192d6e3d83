import { type Clock, DAY, sleep } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Fleet, InstanceRecord } from '../fleet/fleet.ts';
import type { StageRecord } from '../fleet/stage-record.ts';
import { POSSIBLE_STAGES, type PossibleStage } from '../model/stage.ts';
import type { Exporter } from './exporter.ts';

/** How often it is looked whether the passes have ended, in milliseconds. */
const LOOK = 50;

/** No command that makes one pass of each stage runs so long. */
const NEVER_AGAIN = 365 * DAY;

/** The configuration with each stage run once. */
export function withOnePass(config: Config): Config {
  const { polling } = config;
  return {
    ...config,
    polling: {
      ...polling,
      discoveryInterval: NEVER_AGAIN,
      usersInterval: NEVER_AGAIN,
      onlineInterval: NEVER_AGAIN,
      sessionsInterval: NEVER_AGAIN,
      traffic: { ...polling.traffic, interval: NEVER_AGAIN },
    },
  };
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
  readonly stage: PossibleStage;
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
    POSSIBLE_STAGES.flatMap((stage) => {
      const progress = stages[stage]?.progress ?? 1;
      return progress < 1 ? [{ instanceId: id.instanceId, stage, progress }] : [];
    }),
  );
  return { discovering, instances: instances.length, done: done.length, underWay };
}

function isDone({ stages, snapshot }: InstanceRecord): boolean {
  const { users, online, sessions, traffic } = stages;
  if (isPending(users)) return false;
  // Without users there is nobody to ask about: the other stages cannot begin.
  if (snapshot.users === undefined) return true;
  if (isPending(online) || (traffic && isPending(traffic))) return false;
  // An online pass that was given up is followed by none of sessions.
  return !isPending(sessions) || (online.ended === 'badly' && sessions.progress === 1);
}

function isPending(stage: StageRecord): boolean {
  return stage.ended === 'never';
}
