import { invalidParameter } from '../gateway/errors.ts';
import type { Value } from '../gateway/reply.ts';
import type { Call } from './operation.ts';

/** One page of a list, with the three numbers that every paged reply has. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly totalCount: number;
  readonly pageNumber: number;
  readonly pageSize: number;
}

/**
 * Cuts a page out of the list. PageNumber (by default 1; older documents call it PageNo) and PageSize choose
 * it. A page after the last one is empty.
 *
 * @throws ApiFault when one of them is not a whole number of 1 or more
 */
export function cutPage<T>(call: Call, all: readonly T[], largest: number): Page<T> {
  const { parameters, quirks } = call;
  const pageNumber = parameters.count('PageNumber', parameters.count('PageNo', 1));
  const requested = parameters.count('PageSize', quirks.defaultPageSize);
  if (requested > largest && quirks.largePages === 'refused') throw invalidParameter('PageSize');
  const size = Math.min(requested, largest);
  const items = all.slice((pageNumber - 1) * size, pageNumber * size);
  return {
    items,
    totalCount: quirks.totalCount === 'total' ? all.length : items.length,
    pageNumber,
    pageSize: quirks.echoedPageSize === 'clamped' ? size : requested,
  };
}

export function each<T>(page: Page<T>, fields: (item: T) => Value): readonly Value[] {
  return page.items.map(fields);
}
