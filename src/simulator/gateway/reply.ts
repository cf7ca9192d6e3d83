/** A value in a reply. Undefined fields are left out, bigints are written as integers. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | readonly Value[]
  | { readonly [field: string]: Value };

/** The body of a reply. Its fields have the order of the sample in the operation's documentation. */
export type Reply = { readonly [field: string]: Value };

/** Narrows the type to a read-only list, which Array.isArray does not do. */
export function isList(value: readonly Value[] | Reply): value is readonly Value[] {
  return Array.isArray(value);
}
