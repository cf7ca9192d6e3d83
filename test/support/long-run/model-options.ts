import { SECOND } from '../../../src/clock.ts';
import type { ModelOptions } from './reference-model.ts';

/** Settings of polling, in milliseconds. */
interface Intervals {
  readonly usersInterval: number;
  readonly onlineInterval: number;
  readonly sessionsInterval: number;
  readonly staleAfter: number;
}

/** The part of the model's options that follows from the settings of polling alone. */
export function pollingOfModel({
  usersInterval,
  onlineInterval,
  staleAfter,
}: Omit<Intervals, 'sessionsInterval'>): Pick<ModelOptions, 'staleAfter' | 'intervals'> {
  return {
    staleAfter: staleAfter / SECOND,
    intervals: {
      users: usersInterval / SECOND,
      online: onlineInterval / SECOND,
      sessions: onlineInterval / SECOND,
    },
  };
}

/** Options for an exporter that runs in real time, on a machine that may be busy. */
export function realTimeModel(polling: Intervals): Omit<ModelOptions, 'history'> {
  return {
    ...pollingOfModel(polling),
    sessionsKept: (polling.sessionsInterval + 10 * SECOND) / SECOND,
    longestDiscovery: 15,
    slack: 1.5,
  };
}
