import type { FaultEffect, Faults } from '../../../src/simulator/index.ts';
import { garbledReplies, LIST_OPERATIONS } from '../garbled-replies.ts';

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
  [0.003, { error: { code: 'SAG.SomethingElse', httpStatus: 400 } }],
  // These end a pass at once, so even a few are felt.
  [0.0003, { error: { code: 'SAG.InstanceNoFound' } }],
  [0.0001, { error: { code: 'Forbidden' } }],
  [0.0001, { error: { code: 'InvalidAction.NotFound' } }],
];

/** The share of an operation's replies that are garbled, each shape as often as the others. */
const GARBLED = 0.02;

/** Has one call in ten fail, in every kind of way, and one reply in fifty be garbled. */
export function addMixedFaults(faults: Faults): void {
  for (const [probability, effect] of MIXED) faults.add({ probability, effect });
  for (const operation of LIST_OPERATIONS) {
    const bodies = garbledReplies(operation);
    for (const body of bodies.values()) {
      faults.add({
        match: { operation },
        probability: GARBLED / bodies.size,
        effect: { body, httpStatus: 200 },
      });
    }
  }
  faults.add({ probability: 0.02, effect: { delayMs: 700 } });
}
