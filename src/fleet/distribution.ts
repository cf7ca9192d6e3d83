/** How many values were counted up to each bound, as a Prometheus histogram has them. It never changes. */
export interface Distribution {
  /** Upper bounds of the buckets, in ascending order; the bucket without a bound is left out. */
  readonly bounds: readonly number[];
  /** For each bound, the number of values up to it; at the end the number of all values. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export function emptyDistribution(bounds: readonly number[]): Distribution {
  return { bounds, counts: [...bounds.map(() => 0), 0], sum: 0 };
}

/** Counts more values. */
export function withValues(before: Distribution, values: readonly number[]): Distribution {
  if (values.length === 0) return before;
  const { bounds, counts, sum } = before;
  const upTo = (bound: number | undefined): number =>
    bound === undefined ? values.length : values.filter((value) => value <= bound).length;
  return {
    bounds,
    counts: counts.map((count, index) => count + upTo(bounds[index])),
    sum: values.reduce((total, value) => total + value, sum),
  };
}
