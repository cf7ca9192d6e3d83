import { describeValue, HIDDEN } from '../input/describe-value.ts';
import type { ConfigDocument } from '../input/document.ts';
import { nearest } from '../input/nearest.ts';
import { find, valueAt } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';

/**
 * Finds regions of accounts and instances that are not in the list. Such a region is probably misspelt, or
 * newer than the list.
 *
 * @param tree the values of the document, with the region of ALIBABA_CLOUD_REGION_ID filled in
 */
export function* findUnknownRegions(
  tree: unknown,
  document: ConfigDocument,
  knownRegions: readonly string[],
): Generator<Finding> {
  const patterns = ['accounts[*].regions[*]', 'accounts[*].instances[*].region'];
  for (const { path, value: region } of patterns.flatMap((pattern) => find(tree, pattern))) {
    if (typeof region !== 'string' || knownRegions.includes(region)) continue;
    const near = nearest(region, knownRegions);
    const expected = near ? `a known region, perhaps ${near}` : 'a known region';
    const isWritten = valueAt(document.value, path) !== undefined;
    const got = isWritten ? describeValue(region, path, document.isExpanded(path)) : HIDDEN;
    yield { path, expected, got };
  }
}
