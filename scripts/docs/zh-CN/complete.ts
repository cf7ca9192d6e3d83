/**
 * Checks that a catalog of Chinese texts has a text for each key, and no other.
 *
 * @throws Error that names the keys without a text and the texts that nothing uses
 */
export function requireComplete(
  catalog: Readonly<Record<string, string>>,
  keys: Iterable<string>,
): void {
  const wanted = new Set(keys);
  const missing = [...wanted].filter((key) => catalog[key] === undefined);
  const unused = Object.keys(catalog).filter((key) => !wanted.has(key));
  const problems = [
    ...missing.map((key) => `no Chinese text for ${key}`),
    ...unused.map((key) => `the Chinese text for ${key} is not used`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
