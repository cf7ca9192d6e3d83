import { isMapping } from '../input/path.ts';

type CamelCase<Key> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

/** `Value` with its keys in camelCase, at every depth. An optional key is absent, never undefined. */
export type CamelKeys<Value> = Value extends readonly (infer Item)[]
  ? CamelKeys<Item>[]
  : Value extends object
    ? { [Key in keyof Value as CamelCase<Key>]: CamelKeys<Exclude<Value[Key], undefined>> }
    : Value;

/**
 * Copies the value with its keys in camelCase and without undefined fields.
 *
 * @param locate called with each text whose key ends in `_file`; its result takes the text's place
 */
export function camelKeys<Value>(value: Value, locate: (path: string) => string): CamelKeys<Value> {
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy);
    if (!isMapping(part)) return part;
    const fields = Object.entries(part).filter(([, field]) => field !== undefined);
    return Object.fromEntries(
      fields.map(([key, field]) => [
        camelCase(key),
        key.endsWith('_file') && typeof field === 'string' ? locate(field) : copy(field),
      ]),
    );
  };
  return copy(value) as CamelKeys<Value>;
}

const camelCase = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
