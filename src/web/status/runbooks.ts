import type { Build } from '../../metrics/self-metrics.ts';
import type { Messages } from '../messages/index.ts';
import type { Problem } from './schema.ts';

/** The runbooks of docs/runbooks that describe a problem of the pages. */
export type Runbook =
  | 'authentication-failing'
  | 'data-stale'
  | 'discovery-stale'
  | 'instance-down'
  | 'permission-lost'
  | 'reload-failed'
  | 'series-dropped'
  | 'storage-failing'
  | 'subscription-expiring'
  | 'users-near-limit';

/** A problem with the name of its runbook. The address depends on the version and the language. */
export interface FoundProblem extends Omit<Problem, 'runbook'> {
  readonly runbook?: Runbook | undefined;
}

/** The address of a runbook, in the language of the messages. */
export function runbookAddress(
  { documents }: Build,
  { layout }: Messages,
  runbook: Runbook,
): string {
  return `${documents}/${layout.runbooks}/${runbook}.md`;
}
