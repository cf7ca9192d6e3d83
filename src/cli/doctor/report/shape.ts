/*
 * The report shows the kind of a value, never the value itself.
 */

/** Bounds the report for a strange reply. Replies of the API are smaller than this. */
const DEEPEST = 8;
const MOST_FIELDS = 100;

/** Other names of fields may be values of the account. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** Whether the report must leave out a text because it is a value of the account. */
export type IsHidden = (text: string) => boolean;

/** The kinds of all values of one field. */
export class Shape {
  readonly #kinds = new Set<string>();
  readonly #fields = new Map<string, { readonly shape: Shape; count: number }>();
  readonly #lengths = new Set<string>();
  #objects = 0;
  #items: Shape | undefined;

  add(value: unknown, depth = 0): void {
    if (depth > DEEPEST) this.#kinds.add('deeper');
    else if (Array.isArray(value)) this.#addList(value, depth);
    else if (typeof value === 'object' && value !== null && !isBigNumber(value)) {
      this.#addObject(value, depth);
    } else this.#kinds.add(kindOf(value));
  }

  /** For the report: `text | digits`. The name of a field that is sometimes absent ends in `?`. */
  describe(isHidden: IsHidden): unknown {
    const parts: unknown[] = [];
    if (this.#objects > 0) {
      parts.push(
        Object.fromEntries(
          [...this.#fields].map(([name, { shape, count }]) => [
            `${isHidden(name) ? 'other' : name}${count < this.#objects ? '?' : ''}`,
            shape.describe(isHidden),
          ]),
        ),
      );
    }
    if (this.#items !== undefined) {
      parts.push({ lengths: [...this.#lengths], items: this.#items.describe(isHidden) });
    }
    if (this.#kinds.size > 0) parts.push([...this.#kinds].sort().join(' | '));
    return parts.length === 1 ? parts[0] : parts;
  }

  #addList(values: readonly unknown[], depth: number): void {
    this.#lengths.add(bucketOf(values.length));
    this.#items ??= new Shape();
    for (const value of values) this.#items.add(value, depth + 1);
  }

  #addObject(value: object, depth: number): void {
    this.#objects++;
    for (const [key, field] of Object.entries(value)) {
      const name = FIELD_NAME.test(key) && this.#fields.size < MOST_FIELDS ? key : 'other';
      const known = this.#fields.get(name) ?? { shape: new Shape(), count: 0 };
      known.shape.add(field, depth + 1);
      known.count++;
      this.#fields.set(name, known);
    }
  }
}

/** A rough count: an exact one could identify the account. */
export function bucketOf(count: number): string {
  const [least, most] = BUCKETS.find(([, to]) => count <= to) ?? [10_001, undefined];
  if (most === undefined) return `${least} or more`;
  return least === most ? `${least}` : `${least} to ${most}`;
}

const BUCKETS = [
  [0, 0],
  [1, 1],
  [2, 10],
  [11, 50],
  [51, 100],
  [101, 1000],
  [1001, 10_000],
] as const;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      if (value === '') return 'empty text';
      return /^\d+$/.test(value) ? 'digits as text' : 'text';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'object':
      return 'integer of more than 15 digits';
    default:
      return typeof value;
  }
}

/** The SDK core parses an integer of more than 15 digits into an object of this shape. */
function isBigNumber(value: object): boolean {
  return 'toFixed' in value;
}
