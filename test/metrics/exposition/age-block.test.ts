import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgeBlock, type AgeLines } from '../../../src/metrics/exposition/ages/index.ts';
import type { Segment } from '../../../src/metrics/exposition/segment.ts';
import { gzipMember } from '../../support/gzip-member.ts';

const line = fc.record({
  prefix: fc.string({ unit: 'grapheme', maxLength: 12 }),
  since: fc.oneof(
    fc.integer({ min: 0, max: 3000 }),
    fc.double({ min: 0, max: 3000, noNaN: true }),
    fc.constantFrom(-1e12, 1e15, 0),
  ),
});

interface Line {
  readonly prefix: string;
  readonly since: number;
}

function linesOf(lines: readonly Line[]): AgeLines {
  return {
    constant: Buffer.from(lines.map(({ prefix }) => `${prefix}\n`).join('')),
    lengths: lines.map(({ prefix }) => Buffer.byteLength(prefix)),
    since: lines.map(({ since }) => since),
  };
}

/** The whole seconds that have passed. Rounding the difference could count a second that has not ended. */
function textOf(lines: readonly Line[], second: number): string {
  return lines
    .map(({ prefix, since }) => `${prefix}${Math.max(0, second - Math.ceil(since))}\n`)
    .join('');
}

/** gunzip compares the CRC and the length too. */
function inflated(segment: Segment): string {
  return gunzipSync(gzipMember([segment])).toString();
}

describe('lines of ages', () => {
  it('show the age at each second, also after the clock was set back', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 12 }),
        (lines, seconds) => {
          const block = AgeBlock.of(linesOf(lines));
          const results = seconds.map((second) => ({
            second,
            text: block.text(second),
            segment: block.segment(second),
          }));
          // A result for one second must not change when other seconds are rendered later.
          for (const { second, text, segment } of results) {
            expect(Buffer.from(text).toString()).toBe(textOf(lines, second));
            expect(inflated(segment)).toBe(textOf(lines, second));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('show the age in deflated form too, with long, short and no common parts of lines', () => {
    // Names longer than the longest match, and longer than the distance that a match can reach back.
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
          const block = AgeBlock.of(linesOf(lines));
          expect(inflated(block.segment(at))).toBe(textOf(lines, at));
          expect(inflated(block.segment(at + 1))).toBe(textOf(lines, at + 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('show many ages second by second while they get more digits and the clock jumps', () => {
    const steps = fc.oneof(fc.nat(3), fc.constantFrom(15, 60, 997, -1, -1000, 86_400, 1e7));
    fc.assert(
      fc.property(
        fc.constantFrom(63, 64, 65, 127, 128, 129, 300),
        fc.infiniteStream(fc.integer({ min: 0, max: 2000 })),
        fc.array(steps, { minLength: 1, maxLength: 12 }),
        (count, starts, walk) => {
          const lines = Array.from(starts.take(count), (since, at) => {
            const name = `${at}${'-'.repeat((at * 7) % 40)}`;
            return { prefix: `age{user_name="${name}"} `, since };
          });
          const block = AgeBlock.of(linesOf(lines));
          let second = 1990;
          for (const step of walk) {
            second += step;
            expect(inflated(block.segment(second))).toBe(textOf(lines, second));
          }
        },
      ),
    );
  });

  it('take few bytes when lines are similar', () => {
    const lines = Array.from({ length: 1000 }, (_, at) => ({
      prefix: `sag_app_user_session_age_seconds{account="prod",user_name="user-${at}"} `,
      since: at,
    }));
    const { deflated, length } = AgeBlock.of(linesOf(lines)).segment(5000);
    expect(deflated.length).toBeLessThan(length / 6);
  });

  it.each([
    ['begin', (name: string) => `${'x'.repeat(100)}${name} `],
    ['end', (name: string) => `${name}${'x'.repeat(100)} `],
  ])('take few bytes when lines %s in the same way', (_, prefixOf) => {
    const lines = Array.from({ length: 100 }, (_, index) => {
      const name = index.toString(36).padStart(2, '0');
      return { prefix: prefixOf(name), since: 0 };
    });
    const { deflated, length } = AgeBlock.of(linesOf(lines)).segment(5000);
    expect(deflated.length).toBeLessThan(length / 6);
  });

  it('are computed once per second', () => {
    const block = AgeBlock.of(linesOf([{ prefix: 'a ', since: 5 }]));
    expect(block.text(9)).toBe(block.text(9));
    expect(block.text(10)).not.toBe(block.text(9));
    expect(block.segment(9)).toBe(block.segment(9));
    expect(block.segment(10)).not.toBe(block.segment(9));
  });

  it('stay the same block only with the same labels and times', () => {
    const block = AgeBlock.of(linesOf([{ prefix: 'a ', since: 5 }]));
    block.text(100);
    const next = (lines: readonly Line[]) => AgeBlock.of(linesOf(lines), block);
    expect(next([{ prefix: 'a ', since: 5 }])).toBe(block);
    expect(next([{ prefix: 'b ', since: 5 }])).not.toBe(block);
    expect(next([{ prefix: 'a ', since: 6 }])).not.toBe(block);
    expect(next([])).not.toBe(block);
  });

  it('show the right ages in a block that replaces one with the same or other labels', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(line), fc.nat(3000), (lines, others, later) => {
        const block = AgeBlock.of(linesOf(lines));
        block.segment(5000);
        const moved = lines.map(({ prefix, since }) => ({ prefix, since: since + later }));
        for (const next of [moved, others]) {
          const second = AgeBlock.of(linesOf(next), block).segment(6000);
          expect(inflated(second)).toBe(textOf(next, 6000));
        }
        expect(inflated(block.segment(6000))).toBe(textOf(lines, 6000));
      }),
    );
  });
});
