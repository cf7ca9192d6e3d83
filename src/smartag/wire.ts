import { z } from 'zod';

/*
 * The loose types of the API's replies: numbers arrive as strings, integers above 15 digits as
 * the SDK core's big number objects, lists wrapped, bare, single or missing.
 */

/** Largest moment in seconds; what is larger is read as milliseconds (the year 5138 otherwise). */
const LATEST_SECONDS = 1e11;

/** Characters of a text that is kept; nothing in the API's documents comes near it. */
const LONGEST_TEXT = 256;
/** Likewise of what tells one thing from another, without which it would be lost. */
const LONGEST_NAME = 64 * 1024;

const toTextOf = (longest: number) => (value: unknown) => {
  const plain = toAnyText(value);
  return typeof plain === 'string' && plain.length > longest ? undefined : plain;
};

function toAnyText(value: unknown): unknown {
  if (typeof value === 'string') return ownCopy(value.toWellFormed());
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return bigNumberText(value);
}

/** What the SDK core parsed are pieces of the reply's text: one that is kept keeps all of it in memory. */
function ownCopy(piece: string): string {
  return ` ${piece}`.slice(1);
}

function toNumber(value: unknown): unknown {
  const plain = typeof value === 'object' ? bigNumberText(value) : value;
  if (typeof plain === 'number') return Number.isFinite(plain) ? plain : undefined;
  if (typeof plain !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(plain)) return undefined;
  return Number(plain);
}

/** The digits of the SDK core's BigNumber; anything else is not ours to guess. */
function bigNumberText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('toFixed' in value) || typeof value.toFixed !== 'function') return undefined;
  return String(value.toFixed());
}

function toFlag(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) {
    return value.toLowerCase() === 'true';
  }
  const number = toNumber(value);
  return typeof number === 'number' ? number !== 0 : undefined;
}

/** Text, well-formed Unicode; absent when there is none that can be read, or far too much. */
export const text = z.preprocess(toTextOf(LONGEST_TEXT), z.string().optional());

/** Text that must be there, and neither be empty nor far too long. */
export const requiredText = z.preprocess(toTextOf(LONGEST_NAME), z.string().min(1));

/** Likewise of any length: tokens of STS have some thousand characters. */
export const requiredLongText = z.preprocess(toAnyText, z.string().min(1));

/** A number, also one written as a string; absent when it cannot be read. */
export const number = z.preprocess(toNumber, z.number().optional());

/** A count or amount: a number that cannot be negative. */
export const amount = number.transform((value) =>
  value === undefined || value < 0 ? undefined : value,
);

/** A flag as 0/1, "0"/"1" or true/false. */
export const flag = z.preprocess(toFlag, z.boolean().optional());

/** A moment as seconds since the epoch, from seconds or milliseconds; absent when it cannot be read. */
export const moment = number.transform((value) => {
  if (value === undefined || value <= 0) return undefined;
  return value >= LATEST_SECONDS ? value / 1000 : value;
});

/**
 * A list that the API wraps as `{"User":[…]}`, and sometimes gives as `{"User":{…}}`, bare, as an
 * empty string or not at all. The inner key is matched whatever its case.
 */
export function list<Item>(key: string, item: z.ZodType<Item>): z.ZodType<Item[]> {
  return z.preprocess((value) => unwrap(value, key), z.array(item));
}

function unwrap(value: unknown, key: string): unknown {
  if (isNothing(value)) return [];
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 0) return [];
  const inner = entries.find(([name]) => name.toLowerCase() === key.toLowerCase());
  if (inner === undefined) return value;
  if (isNothing(inner[1])) return [];
  return Array.isArray(inner[1]) ? inner[1] : [inner[1]];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The outer object of a reply. One that has none of the documented members, such as `{}`, is not
 * a reply of this API and is refused: reading it as an empty list would invent an empty fleet.
 * A RequestId is enough only where it stands alone (an empty list left out), for every other
 * message has one too.
 */
export function reply<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z
    .looseObject({})
    .refine(
      (body) => {
        const names = Object.keys(body);
        return known.some((name) => names.includes(name)) || names.join() === 'RequestId';
      },
      { message: `none of ${known.join(', ')} in it` },
    )
    .pipe(z.object(shape));
}
