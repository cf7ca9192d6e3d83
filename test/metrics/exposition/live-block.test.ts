import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveBlock } from '../../../src/metrics/exposition/live-block.ts';
import { gzipMember, type Segment } from '../../../src/metrics/exposition/segment.ts';

const line = fc.record({
  prefix: fc.string({ unit: 'grapheme', maxLength: 12 }),
  since: fc.oneof(
    fc.integer({ min: 0, max: 3000 }),
    fc.double({ min: 0, max: 3000, noNaN: true }),
    fc.constantFrom(-1e12, 1e15, 0),
  ),
});

function textOf(lines: readonly { prefix: string; since: number }[], second: number): string {
  return lines
    .map(({ prefix, since }) => `${prefix}${Math.max(0, Math.floor(second - since))}\n`)
    .join('');
}

/** gunzip compares the CRC and the length too. */
function inflated(segment: Segment): string {
  return gunzipSync(Buffer.concat(gzipMember([segment]))).toString();
}

describe('lines of ages', () => {
  it('say the age at each second, the clock set back or not', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 12 }),
        (lines, seconds) => {
          const block = new LiveBlock(lines);
          const given = seconds.map((second) => ({
            second,
            text: block.text(second),
            segment: block.segment(second),
          }));
          // What was given out for one second stays so, whatever is asked for afterwards.
          for (const { second, text, segment } of given) {
            expect(Buffer.from(text).toString()).toBe(textOf(lines, second));
            expect(inflated(segment)).toBe(textOf(lines, second));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('say it deflated too, whatever lines share', () => {
    // Long shares, short ones, none; names longer than a match, and than a match may reach back.
    const shared = fc.constantFrom('a', 'ab', 'abc', 'name="', 'x'.repeat(300), 'y'.repeat(33_000));
    const like = fc.record({
      prefix: fc
        .tuple(shared, fc.string({ unit: 'binary', maxLength: 6 }), shared)
        .map((parts) => parts.join('')),
      since: fc.integer({ min: 0, max: 3_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(like, { minLength: 2, maxLength: 12 }),
        fc.nat(3_000_000),
        (lines, at) => {
          const block = new LiveBlock(lines);
          expect(inflated(block.segment(at))).toBe(textOf(lines, at));
          expect(inflated(block.segment(at + 1))).toBe(textOf(lines, at + 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('take little room where lines are alike', () => {
    const lines = Array.from({ length: 1000 }, (_, at) => ({
      prefix: `sag_app_user_session_age_seconds{account="prod",user_name="user-${at}"} `,
      since: at,
    }));
    const { deflated, length } = new LiveBlock(lines).segment(5000);
    expect(deflated.length).toBeLessThan(length / 6);
  });

  it('are made once a second', () => {
    const block = new LiveBlock([{ prefix: 'a ', since: 5 }]);
    expect(block.text(9)).toBe(block.text(9));
    expect(block.text(10)).not.toBe(block.text(9));
    expect(block.segment(9)).toBe(block.segment(9));
    expect(block.segment(10)).not.toBe(block.segment(9));
  });

  it('are the same lines only with the same labels and times', () => {
    const block = new LiveBlock([{ prefix: 'a ', since: 5 }]);
    block.text(100);
    expect(block.isAs(new LiveBlock([{ prefix: 'a ', since: 5 }]))).toBe(true);
    expect(block.isAs(new LiveBlock([{ prefix: 'b ', since: 5 }]))).toBe(false);
    expect(block.isAs(new LiveBlock([{ prefix: 'a ', since: 6 }]))).toBe(false);
    expect(block.isAs(new LiveBlock([]))).toBe(false);
    expect(new LiveBlock([{ prefix: 'a ', since: 5 }]).isAs(block)).toBe(true);
  });
});
