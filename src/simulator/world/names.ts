import type { Random } from './random.ts';

/** Up to 33 characters of the documented set (CreateSmartAccessGatewayClientUser page, UserName). */
const USER_NAME = /^[A-Za-z0-9][A-Za-z0-9_@.-]{0,32}$/;

/**
 * Whether a user may have this name.
 *
 * @param shortest minimum length: 7 characters for new users, 2 for users that were created years ago
 */
export function isUserName(text: string, shortest: number): boolean {
  return text.length >= shortest && USER_NAME.test(text);
}

const FAMILY =
  'li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin he gao luo zheng liang xie song tang tan lim lee ng goh nguyen tran pham santos reyes kumar sharma smith jones garcia mueller'.split(
    ' ',
  );
const GIVEN =
  'wei fang jun min lei jing ling na qiang yan tao ming hui xin yu ping hao jie rui mei hong bo kai yun lan ning chao fei gang bin shan dan peng xia ying long mary john anna david maria jose linda peter susan james arun priya sofia daniel'.split(
    ' ',
  );
const SEPARATORS = ['.', '.', '.', '_', '-'];

/** Has no common factor with the number of pairs, so that every pair comes up once in each round. */
const STEP = 1237;

/** One round of pairs uses this many different numbers. The next round uses the numbers after them. */
const NUMBERS = 97;

/** Makes names like `li.wei017`. They are all different and valid, in an order that is drawn once. */
export function createNames(random: Random): () => string {
  const pairs = FAMILY.length * GIVEN.length;
  const start = random.below(pairs);
  let count = 0;
  return () => {
    const pair = (start + count * STEP) % pairs;
    const round = Math.floor(count / pairs);
    count++;
    const family = FAMILY[pair % FAMILY.length];
    const given = GIVEN[Math.floor(pair / FAMILY.length)];
    const separator = SEPARATORS[pair % SEPARATORS.length];
    const number = ((pair * 37) % NUMBERS) + 1 + round * NUMBERS;
    return `${family}${separator}${given}${String(number).padStart(3, '0')}`;
  };
}
