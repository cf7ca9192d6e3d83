import fc from 'fast-check';

/** Text that may hold halves of characters, as escapes of JSON and YAML can. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    fc.constantFrom('a', '\ud800', '\udfff', '😀'),
  ),
  minLength: 1,
  maxLength: 12,
});

/** The texts in a value that are not well-formed, keys included. */
export function illFormed(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Map) return illFormed([...value]);
  return Object.entries(value).flatMap((entry) => entry.flatMap(illFormed));
}
