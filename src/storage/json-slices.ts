/** Entries serialised before the generator yields. JSON of 200 users takes well under a millisecond. */
const ENTRIES_PER_SLICE = 200;

/**
 * JSON text of an object, piece by piece, so that a large list does not hold the event loop while it is
 * serialised. The pieces joined are what `JSON.stringify` makes of the same object.
 *
 * @param head fields that are small
 * @param lists fields whose value is a list of any length. A generator may yield undefined in place of an
 *   entry, which then is not in the text: this gives the event loop turns while the generator searches
 */
export function* jsonSlices(
  head: Readonly<Record<string, unknown>>,
  lists: Readonly<Record<string, Iterable<unknown>>>,
): Generator<string, void> {
  const start = JSON.stringify(head).slice(0, -1);
  yield start;
  let isFirstField = start === '{';
  for (const [name, entries] of Object.entries(lists)) {
    yield `${isFirstField ? '' : ','}${JSON.stringify(name)}:[`;
    isFirstField = false;
    yield* listSlices(entries);
    yield ']';
  }
  yield '}';
}

function* listSlices(entries: Iterable<unknown>): Generator<string, void> {
  let separator = '';
  let slice: unknown[] = [];
  const text = (): string => {
    if (slice.length === 0) return '';
    const json = separator + JSON.stringify(slice).slice(1, -1);
    separator = ',';
    slice = [];
    return json;
  };
  let count = 0;
  for (const entry of entries) {
    if (entry !== undefined) slice.push(entry);
    if (++count % ENTRIES_PER_SLICE === 0) yield text();
  }
  yield text();
}
