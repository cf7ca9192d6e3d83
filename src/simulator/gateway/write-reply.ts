import type { Quirks } from '../rules/quirks/table.ts';
import { isList, type Reply, type Value } from './reply.ts';

/** Wraps a list as the API does, or as the quirk `lists` says. Spread the result into the reply. */
export function list(
  quirks: Quirks,
  container: string,
  element: string,
  items: readonly Value[],
): Reply {
  switch (quirks.lists) {
    case 'bare':
      return { [container]: items };
    case 'single-as-object':
      return { [container]: { [element]: items.length === 1 ? items[0] : items } };
    case 'empty-as-string':
      return { [container]: items.length === 0 ? '' : { [element]: items } };
    case 'empty-missing':
      return items.length === 0 ? {} : { [container]: { [element]: items } };
    case 'wrapped':
      return { [container]: { [element]: items } };
  }
}

export function writeJson(reply: Reply, operation: string, quirks: Quirks): string {
  const omit = omittedFields(operation, quirks);
  const { numbersAsStrings } = quirks;
  if (omit.size === 0 && !numbersAsStrings) {
    try {
      return JSON.stringify(reply);
    } catch {
      // The reply holds a bigint, the only value that JSON.stringify cannot write.
    }
  }
  return write(reply, { omit, numbersAsStrings });
}

/** The fields that the quirk `omit` leaves out of replies of `operation`. */
export function omittedFields(operation: string, { omit }: Quirks): ReadonlySet<string> {
  if (omit.length === 0) return NONE;
  const fields = new Set<string>();
  for (const field of omit) {
    const [first = '', second] = field.split('.');
    if (second === undefined) fields.add(first);
    else if (first === operation) fields.add(second);
  }
  return fields;
}

const NONE: ReadonlySet<string> = new Set();

interface Writing {
  readonly omit: ReadonlySet<string>;
  readonly numbersAsStrings: boolean;
}

/** This is slower than JSON.stringify, which cannot write a bigint as an integer (JSON.rawJSON needs Node 22). */
function write(value: Value, writing: Writing): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'bigint':
      return writing.numbersAsStrings ? `"${value}"` : String(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
  }
  if (isList(value)) return `[${value.map((item) => write(item, writing)).join(',')}]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined || writing.omit.has(name)) continue;
    fields.push(`${JSON.stringify(name)}:${write(field, writing)}`);
  }
  return `{${fields.join(',')}}`;
}
