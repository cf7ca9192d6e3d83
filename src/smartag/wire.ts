import { z } from 'zod';

/*
 * Readers of the loosely typed values in the API's replies: numbers arrive as strings, integers of more
 * than 15 digits as the SDK core's big number objects, lists wrapped, bare, as a single entry or not at all.
 */

/** Larger numbers are read as milliseconds: as seconds they would be times after the year 5138. */
const LATEST_SECONDS = 1e11;

/** Maximum number of characters of a text that is kept. No text in the API's documents is nearly as long. */
const LONGEST_TEXT = 256;
/** Maximum number of characters of a name or id. An entry with a longer one is dropped. */
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

/**
 * Copies a piece of the reply's text. The SDK core's parser returns slices of that text, and keeping a slice
 * would keep the whole reply in memory.
 */
function ownCopy(piece: string): string {
  return ` ${piece}`.slice(1);
}

function toNumber(value: unknown): unknown {
  const plain = typeof value === 'object' ? bigNumberText(value) : value;
  if (typeof plain === 'number') return Number.isFinite(plain) ? plain : undefined;
  if (typeof plain !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(plain)) return undefined;
  return Number(plain);
}

/** The digits of the SDK core's BigNumber; undefined for anything else. */
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

/** A text, converted to well-formed Unicode; absent when it cannot be read or is far too long. */
export const text = z.preprocess(toTextOf(LONGEST_TEXT), z.string().optional());

/** Text that must be present, and neither empty nor far too long. */
export const requiredText = z.preprocess(toTextOf(LONGEST_NAME), z.string().min(1));

/** A text of any length that must be present. Tokens of STS have some thousand characters. */
export const requiredLongText = z.preprocess(toAnyText, z.string().min(1));

/** A number, which may be written as a string; absent when it cannot be read. */
export const number = z.preprocess(toNumber, z.number().optional());

/** A count or amount: a number that cannot be negative. */
export const amount = number.transform((value) =>
  value === undefined || value < 0 ? undefined : value,
);

/** A whole number of things; absent when it cannot be read, is negative or has a fraction. */
export const count = amount.transform((value) =>
  value !== undefined && Number.isInteger(value) ? value : undefined,
);

/** No instance has nearly as many clients online; a larger number is garbled. */
const MOST_CLIENTS = 1e9;

/** The number of clients online; absent when it is not a count, or is impossibly large. */
export const clients = count.transform((value) =>
  value !== undefined && value <= MOST_CLIENTS ? value : undefined,
);

/** A flag that is written as 0/1, "0"/"1" or true/false. */
export const flag = z.preprocess(toFlag, z.boolean().optional());

/** A time in ISO 8601: a date, with or without a time, and with an offset or, for UTC, without. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A time as seconds since the epoch, read from seconds, milliseconds or ISO 8601; absent when it cannot be
 * read.
 */
export const moment = z
  .preprocess((value) => fromIso(value) ?? toNumber(value), z.number().optional())
  .transform((value) => {
    if (value === undefined || value <= 0) return undefined;
    return value >= LATEST_SECONDS ? value / 1000 : value;
  });

function fromIso(value: unknown): number | undefined {
  const [, day, time = '00:00', offset = 'Z'] =
    (typeof value === 'string' && ISO.exec(value.trim())) || [];
  if (day === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/**
 * A list that the API wraps as `{"User":[…]}`. Sometimes the API gives it as `{"User":{…}}`, without the
 * wrapper, as an empty string, or not at all. The inner key may be in upper or lower case.
 */
export function list<Item>(key: string, item: z.ZodType<Item>): z.ZodType<Item[]> {
  return z.preprocess((value) => unwrap(value, key), z.array(item));
}

function unwrap(value: unknown, key: string): unknown {
  if (isLeftOut(value, key)) return [];
  const inner = innerOf(value, key);
  if (inner === undefined) return value;
  return Array.isArray(inner.value) ? inner.value : [inner.value];
}

/** Whether a list is missing: there is no value, or there is an empty text or an empty object instead. */
function isLeftOut(value: unknown, key: string): boolean {
  if (isNothing(value)) return true;
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return false;
  if (Object.keys(value).length === 0) return true;
  const inner = innerOf(value, key);
  return inner !== undefined && isNothing(inner.value);
}

function innerOf(value: unknown, key: string): { readonly value: unknown } | undefined {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const inner = entries.find(([name]) => name.toLowerCase() === key.toLowerCase());
  return inner && { value: inner[1] };
}

/** A member of a reply; undefined when it is absent or the reply is not an object. */
export function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null
    ? Object.getOwnPropertyDescriptor(body, name)?.value
    : undefined;
}

/** Whether a reply lacks a list, or has no value, an empty text or an empty object in its place. */
export function hasNoList(body: unknown, outer: string, inner: string): boolean {
  return isLeftOut(memberOf(body, outer), inner);
}

/**
 * Refuses a reply without a list, unless a TotalCount of 0 says that the list is empty, or the page
 * number says that the page lies behind the end of the list.
 */
export function withList<Reply>(outer: string, inner: string, reply: z.ZodType<Reply>) {
  return z
    .unknown()
    .refine(
      (body) =>
        !hasNoList(body, outer, inner) ||
        amount.parse(memberOf(body, 'TotalCount')) === 0 ||
        (pageNumberOf(body) ?? 1) > 1,
      { path: [outer], message: 'no list, although TotalCount is not 0' },
    )
    .pipe(reply);
}

function pageNumberOf(body: unknown): number | undefined {
  return amount.parse(memberOf(body, 'PageNumber') ?? memberOf(body, 'PageNo'));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The outer object of a reply. An object with none of the documented members, such as `{}`, is not a reply of
 * this API and is refused, because reading it as an empty list would invent an empty fleet. An object with
 * only a RequestId is accepted as a reply that leaves out its empty list. Together with other members, a
 * RequestId proves nothing, because every message has one.
 */
export function reply<Shape extends z.ZodRawShape>(shape: Shape) {
  const documented = Object.keys(shape);
  return z
    .looseObject({})
    .refine(
      (body) => {
        const names = Object.keys(body);
        return documented.some((name) => names.includes(name)) || names.join() === 'RequestId';
      },
      { message: `none of ${documented.join(', ')} in it` },
    )
    .pipe(z.object(shape));
}
