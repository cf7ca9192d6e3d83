import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineWithTable, shiftTable } from '../../../src/metrics/exposition/ages/shift-table.ts';
import { combineCrc32, crcShift } from '../../../src/metrics/exposition/crc32.ts';
import { deflated, joined } from '../../../src/metrics/exposition/segment.ts';
import { gzipMember } from '../../support/gzip-member.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.nat(70_000).map((length) => 'sag_app_user_info{} 1\n'.repeat(length / 22)),
);

describe('the CRC of two texts together', () => {
  it('is computed from the CRC of each', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.uint8Array({ maxLength: 3000 }),
        (a, b) => {
          const both = crc32(Buffer.concat([a, b]));
          expect(combineCrc32(crc32(a), crc32(b), crcShift(b.length))).toBe(both);
          expect(combineWithTable(crc32(a), crc32(b), shiftTable(b.length)) >>> 0).toBe(both);
        },
      ),
    );
  });

  it('is computed for gigabytes too, without that much text', () => {
    // The powers of x repeat after 2^32 - 1 steps, and 2^32 - 1 shifts by 8 bits are eight full cycles.
    expect(combineCrc32(0x12345678, 0, crcShift(2 ** 32 - 1))).toBe(0x12345678);
  });
});

describe('segments', () => {
  it('form one complete gzip member in any order, also when they are repeated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 8 }),
        fc.array(fc.nat(7), { maxLength: 12 }),
        async (texts, order) => {
          const all = await Promise.all(texts.map((one) => deflated(Buffer.from(one))));
          const segments = order.flatMap((index) => all[index] ?? []);
          const whole = order.map((index) => texts[index] ?? '').join('');
          const member = gzipMember(segments);
          expect(gunzipSync(member).toString()).toBe(Buffer.from(whole).toString());
          // In a single member, the last bytes are the CRC and the length of the whole text.
          expect(member.readUInt32LE(member.length - 8)).toBe(crc32(whole));
          expect(member.readUInt32LE(member.length - 4)).toBe(Buffer.byteLength(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold the same text after they are joined', async () => {
    const segments = await Promise.all(
      ['one\n', '', 'two\n'].map((one) => deflated(Buffer.from(one))),
    );
    const member = gzipMember([joined(segments), ...segments]);
    expect(gunzipSync(member).toString()).toBe('one\ntwo\none\ntwo\n');
  });
});
