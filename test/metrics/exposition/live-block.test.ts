import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveBlock } from '../../../src/metrics/exposition/live-block.ts';

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

describe('lines of ages', () => {
  it('say the age at each second, the clock set back or not', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 12 }),
        (lines, seconds) => {
          const block = new LiveBlock(lines);
          const given = seconds.map((second) => ({ second, text: block.at(second).text }));
          // What was given out for one second stays so, whatever is asked for afterwards.
          for (const { second, text } of given) {
            expect(Buffer.from(text).toString()).toBe(textOf(lines, second));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are made once a second', () => {
    const block = new LiveBlock([{ prefix: 'a ', since: 5 }]);
    expect(block.at(9)).toBe(block.at(9));
    expect(block.at(10)).not.toBe(block.at(9));
  });

  it('are the same lines only with the same labels and times', () => {
    const block = new LiveBlock([{ prefix: 'a ', since: 5 }]);
    block.at(100);
    expect(block.isAs(new LiveBlock([{ prefix: 'a ', since: 5 }]))).toBe(true);
    expect(block.isAs(new LiveBlock([{ prefix: 'b ', since: 5 }]))).toBe(false);
    expect(block.isAs(new LiveBlock([{ prefix: 'a ', since: 6 }]))).toBe(false);
    expect(block.isAs(new LiveBlock([]))).toBe(false);
    expect(new LiveBlock([{ prefix: 'a ', since: 5 }]).isAs(block)).toBe(true);
  });
});
