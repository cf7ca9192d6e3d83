import type { FaultEffect, Faults } from '../../../src/simulator/index.ts';

/** What goes wrong, with the share of calls: together one in ten. */
const MIXED: readonly (readonly [probability: number, effect: FaultEffect])[] = [
  [0.014, { error: { code: 'InternalError', httpStatus: 403 } }],
  [0.014, { error: { code: 'ServiceUnavailable', httpStatus: 503 } }],
  [0.004, { error: { code: 'Throttling.User' } }],
  [0.014, { reset: true }],
  [0.014, { cut: true }],
  [0.006, { hang: true }],
  [0.014, { truncate: true }],
  [0.006, { html: 502 }],
  [0.004, { empty: 503 }],
  [0.004, { empty: 200 }],
  [0.003, { status500WithoutCode: true }],
  [0.002, { error: { code: 'InvalidTimeStamp.Expired' } }],
  [0.003, { error: { code: 'SAG.SomethingElse' } }],
  // These end a pass at once, so even a few are felt.
  [0.0003, { error: { code: 'SAG.InstanceNoFound' } }],
  [0.0001, { error: { code: 'Forbidden' } }],
  [0.0001, { error: { code: 'InvalidAction.NotFound' } }],
];

/** Has one call in ten fail, in every kind of way. */
export function addMixedFaults(faults: Faults): void {
  for (const [probability, effect] of MIXED) faults.add({ probability, effect });
  faults.add({ probability: 0.02, effect: { delayMs: 700 } });
}
