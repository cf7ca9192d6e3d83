import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextBytes } from '../../../src/metrics/exposition/text-bytes.ts';

it('returns the bytes of everything added since the last call, of any length, while it uses its memory again', () => {
  const text = fc
    .tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom(1, 10, 3000, 70_000))
    .map(([part, times]) => part.repeat(times));
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 4 }), (texts) => {
      const bytes = new TextBytes();
      for (const parts of texts) {
        for (const part of parts) bytes.add(part);
        expect(Buffer.from(bytes.take()).equals(Buffer.from(parts.join('')))).toBe(true);
      }
      bytes.release();
    }),
    { numRuns: 40 },
  );
});
