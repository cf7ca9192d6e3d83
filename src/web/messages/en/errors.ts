import { reasonText } from '../../../fleet/not-ready.ts';
import { adviceOn } from '../../../model/advice.ts';
import { type Fallback, fallbackTexts } from '../../../model/fallback.ts';
import type { SkippedRegion } from '../../../model/region.ts';

export interface FallbackTexts {
  readonly problem: string;
  readonly effect: string;
  readonly advice: string;
}

/** Texts that the log and the commands have too. In English, the model has them. */
export const errors = {
  /** What to do about a failed call; undefined when its message says so already. */
  advice: adviceOn,
  fallback: (fallback: Pick<Fallback, 'operation' | 'reason'>): FallbackTexts =>
    fallbackTexts(fallback),
  skipReason: ({ reason }: SkippedRegion): string => reason,
  notReady: reasonText,
};
