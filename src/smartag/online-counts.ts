import { z } from 'zod';
import { emptyList, figuresOfAsked } from './gaps.ts';
import type { Operation, Request } from './operation.ts';
import { clients, list, reply, requiredText } from './wire.ts';

/**
 * The reply of an operation that counts online clients: the counts by the id of each entry. Entries with
 * an unreadable count are left out.
 */
export function onlineCounts<Req extends Request>(
  outer: string,
  id: string,
  asked: (request: Req) => readonly string[],
): Pick<Operation<Req, ReadonlyMap<string, number>>, 'reply' | 'gaps'> {
  const entry = z.object({ [id]: requiredText, OnlineCount: clients }).transform((wire) => ({
    id: String(wire[id]),
    // The compiler takes any key for the one that `id` names.
    count: wire.OnlineCount as number | undefined,
  }));
  return {
    reply: reply({ [outer]: list('Statistics', entry) }).transform(
      ({ [outer]: entries = [] }) =>
        new Map(entries.flatMap(({ id, count }) => (count === undefined ? [] : [[id, count]]))),
    ),
    gaps: [
      emptyList(outer, 'Statistics'),
      figuresOfAsked(outer, 'Statistics', { id, figure: 'OnlineCount', readable: clients, asked }),
    ],
  };
}
