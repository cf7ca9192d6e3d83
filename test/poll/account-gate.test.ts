import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { ApiError, type ErrorKind } from '../../src/model/api-error.ts';
import { AccountGate } from '../../src/poll/account-gate.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';

const never = new AbortController().signal;

function error(kind: ErrorKind): ApiError {
  return new ApiError({ kind, operation: 'DescribeUserOnlineClients', detail: 'made up' });
}

/** A gate whose probes end in the given ways; the last way is repeated. */
function gateWith(probes: readonly (ErrorKind | 'OK')[]) {
  const clock = new ManualClock();
  const closing = new AbortController();
  const probedAt: number[] = [];
  const events: string[] = [];
  const gate = new AccountGate(
    {
      clock,
      probe: async () => {
        const outcome = probes[probedAt.length] ?? probes.at(-1) ?? 'OK';
        probedAt.push(clock.monotonic() / SECOND);
        if (outcome !== 'OK') throw error(outcome);
      },
      onPause: ({ kind }) => events.push(`paused: ${kind}`),
      onResume: () => events.push('resumed'),
    },
    closing.signal,
  );
  return { clock, closing, gate, probedAt, events };
}

describe('AccountGate', () => {
  it('probes after 5 s, doubling to a minute, and resumes with the first accepted call', async () => {
    const refused: ErrorKind = 'unauthenticated';
    const { clock, gate, probedAt, events } = gateWith([
      ...Array.from({ length: 6 }, () => refused),
      'OK',
    ]);
    await expect(gate.pass(never, () => Promise.reject(error(refused)))).rejects.toThrow();
    const waiting = gate.pass(never, async () => 'ran');
    await clock.advance(10 * MINUTE);
    expect(probedAt).toEqual([5, 15, 35, 75, 135, 195, 255]);
    expect(await waiting).toBe('ran');
    expect(events).toEqual(['paused: unauthenticated', 'resumed']);
  });

  it('ends the other passes of the account with the same error', async () => {
    const { gate, closing } = gateWith(['unauthenticated']);
    const other = gate.pass(
      never,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const cause = error('unauthenticated');
    await settle();
    await expect(gate.pass(never, () => Promise.reject(cause))).rejects.toBe(cause);
    await expect(other).rejects.toBe(cause);
    closing.abort();
  });

  it('treats a forbidden probe as accepted credentials', async () => {
    const { clock, gate, events } = gateWith(['forbidden']);
    await gate.pass(never, () => Promise.reject(error('unauthenticated'))).catch(() => {});
    await clock.advance(5 * SECOND);
    expect(events).toEqual(['paused: unauthenticated', 'resumed']);
  });

  it.each<ErrorKind>(['timeout', 'network', 'unavailable', 'malformed'])(
    'stays shut while probes end with %s',
    async (kind) => {
      const { clock, gate, events, closing } = gateWith([kind]);
      await gate.pass(never, () => Promise.reject(error('unauthenticated'))).catch(() => {});
      await clock.advance(5 * MINUTE);
      expect(events).toEqual(['paused: unauthenticated']);
      closing.abort();
    },
  );

  it('stays open after failures of other kinds', async () => {
    const { gate, events } = gateWith(['OK']);
    await gate.pass(never, () => Promise.reject(error('unavailable'))).catch(() => {});
    expect(await gate.pass(never, async () => 'ran')).toBe('ran');
    expect(events).toEqual([]);
  });

  it('ends a waiting pass when it is stopped, and makes no probes after it is closed', async () => {
    const { clock, closing, gate, probedAt } = gateWith(['unauthenticated']);
    await gate.pass(never, () => Promise.reject(error('unauthenticated'))).catch(() => {});
    const stop = new AbortController();
    const waiting = gate.pass(stop.signal, async () => 'ran');
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    closing.abort();
    await clock.advance(MINUTE);
    expect(probedAt).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
