/** A count and its noun, such as `1 call` and `2 calls`. */
export function counted(
  count: number,
  noun: string,
  format: (count: number) => string = String,
): string {
  return `${format(count)} ${noun}${count === 1 ? '' : 's'}`;
}
