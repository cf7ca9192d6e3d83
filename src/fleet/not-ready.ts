import type { InstanceStage } from '../model/stage.ts';

/** A reason why the exporter is not ready. */
export type NotReady =
  | { readonly kind: 'starting' }
  | { readonly kind: 'credentials'; readonly account: string; readonly message: string }
  | { readonly kind: 'regions'; readonly account: string }
  | { readonly kind: 'discovery'; readonly account: string; readonly regionId: string }
  | {
      readonly kind: 'instances';
      readonly read: number;
      readonly all: number;
      /** Some of the instances that were not read yet, with the stage that is missing. */
      readonly waiting: readonly { readonly instanceId: string; readonly stage: InstanceStage }[];
      /** The number of further instances that were not read yet. */
      readonly more: number;
    }
  /** Stands for reasons that are not listed. */
  | { readonly kind: 'more'; readonly reasons: number };

/** The reason as /-/ready and the log tell it. */
export function reasonText(reason: NotReady): string {
  switch (reason.kind) {
    case 'starting':
      return 'the exporter is starting';
    case 'credentials':
      return `account ${reason.account}: ${reason.message}`;
    case 'regions':
      return `account ${reason.account}: looking for its regions`;
    case 'discovery':
      return `account ${reason.account}: discovery in ${reason.regionId} has not ended yet`;
    case 'instances': {
      const { read, all, more } = reason;
      const named = reason.waiting.map(({ instanceId, stage }) => `${instanceId} (${stage})`);
      const waiting = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
      return `${read} of ${all} instances read; still waiting for ${waiting}`;
    }
    case 'more':
      return `and ${reason.reasons} more`;
  }
}
