/** Reproducible random numbers: the same seed and scope give the same sequence on every machine. */
export interface Random {
  /** A number from 0 up to 1, without 1 itself. */
  next(): number;
  /** A whole number from 0 up to `limit`, without `limit` itself. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** The waiting time until an event that happens once in `mean` on average. */
  exponential(mean: number): number;
  /** One element; all are equally likely. */
  pick<T>(list: readonly T[]): T;
  /** An upper-case UUID, as the API writes its request ids. */
  uuid(): string;
}

/**
 * @param scope names a purpose. Each purpose has its own generator, so that drawing more numbers in
 *   one place does not change another place.
 */
export function createRandom(seed: number | string, scope = ''): Random {
  const next32 = sfc32(`${seed}/${scope}`);
  const next = (): number => next32() / 2 ** 32;
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    exponential: (mean) => -Math.log(1 - next()) * mean,
    pick(list) {
      const picked = list[below(list.length)];
      if (picked === undefined) throw new RangeError('Expected a list with at least one element');
      return picked;
    },
    uuid() {
      const digits = Array.from({ length: 4 }, () => next32().toString(16).padStart(8, '0'))
        .join('')
        .toUpperCase();
      const variant = '89AB'.charAt(Number.parseInt(digits.charAt(16), 16) % 4);
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}

/**
 * Chris Doty-Humphrey's "small fast counter" generator. It gives 32 bits at a time and starts from four
 * hashed words.
 */
function sfc32(text: string): () => number {
  let [a, b, c, counter] = [hash(text, 1), hash(text, 2), hash(text, 3), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first dozen numbers of similar seeds are similar, so they are discarded.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** FNV-1a over UTF-16 units, then a mixing step, so that the results for seeds 1 and 2 have nothing in common. */
function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/**
 * Returns a function whose result, in `count` calls, is true exactly `wanted` times, at random (Knuth's
 * selection sampling).
 */
export function marker(count: number, wanted: number, random: Random): () => boolean {
  let [left, open] = [count, wanted];
  return () => {
    const chosen = random.next() * left < open;
    left--;
    if (chosen) open--;
    return chosen;
  };
}

/** Draws `wanted` elements, all equally likely. They keep the order of the list. */
export function sample<T>(list: readonly T[], wanted: number, random: Random): readonly T[] {
  return list.filter(marker(list.length, wanted, random));
}
