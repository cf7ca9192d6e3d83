/** Whether two lists hold the same objects in the same order; the contents of objects are not compared. */
export function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
}
