import { invalidParameter } from '../gateway/errors.ts';
import type { Value } from '../gateway/reply.ts';
import type { Call } from './operation.ts';

/** One page of a list, with the three numbers every paged reply carries. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly totalCount: number;
  readonly pageNumber: number;
  readonly pageSize: number;
}

/**
 * Cuts the page that PageNumber (1 by default; older pages call it PageNo) and PageSize ask for. A
 * number that is none, or less than 1, is refused. A page behind the last is empty.
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

/** A page's elements, as fields of a reply. */
export function each<T>(page: Page<T>, fields: (item: T) => Value): readonly Value[] {
  return page.items.map(fields);
}
