import { z } from 'zod';
import type { Gap, Request } from './operation.ts';
import { hasNoList, list, memberOf, requiredText } from './wire.ts';

/** The gap of an empty list: some servers write an empty list, others leave it out. */
export function emptyList<Req extends Request>(outer: string, inner: string): Gap<Req> {
  return {
    part: `the list ${outer}`,
    staysPresent: true,
    judge(body) {
      if ((memberOf(body, outer) ?? null) === null) return 'missing';
      if (hasNoList(body, outer, inner)) return 'blank';
      return entriesOf(body, outer, inner).length === 0 ? 'present' : undefined;
    },
  };
}

/** The gap of fields in entries: some servers leave out all of these fields. */
export function entryFields<Req extends Request>(
  outer: string,
  inner: string,
  fields: readonly string[],
): Gap<Req> {
  return {
    part: `${fields.join(' and ')} of every entry`,
    staysPresent: false,
    judge(body) {
      const entries = entriesOf(body, outer, inner);
      if (entries.length === 0) return undefined;
      return entries.some((entry) => fields.some((field) => field in entry)) ? 'present' : 'blank';
    },
  };
}

/**
 * The gap of figures: some servers leave all figures out. A reply is garbled when it has words instead of figures,
 * or entries that the request did not name.
 */
export function figuresOfAsked<Req extends Request>(
  outer: string,
  inner: string,
  options: {
    readonly id: string;
    readonly figure: string;
    readonly readable: z.ZodType<number | undefined>;
    readonly asked: (request: Req) => readonly string[];
  },
): Gap<Req> {
  const { id, figure, readable, asked } = options;
  return {
    part: `a readable ${figure} of any entry that was asked for`,
    staysPresent: false,
    judge(body, request) {
      const entries = entriesOf(body, outer, inner);
      if (entries.length === 0) return undefined;
      const wanted = new Set(asked(request));
      const isReadable = (entry: Readonly<Record<string, unknown>>): boolean =>
        wanted.has(requiredText.safeParse(entry[id]).data ?? '') &&
        readable.parse(entry[figure]) !== undefined;
      return entries.some(isReadable) ? 'present' : 'missing';
    },
  };
}

const ANY_ENTRY = z.record(z.string(), z.unknown());

/** The entries of the list in a reply. A reply whose list has another shape was refused before. */
function entriesOf(
  body: unknown,
  outer: string,
  inner: string,
): readonly Readonly<Record<string, unknown>>[] {
  return list(inner, ANY_ENTRY).parse(memberOf(body, outer));
}
