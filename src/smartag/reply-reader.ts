import { ApiError } from '../model/api-error.ts';
import type { Gap, Operation, Request } from './operation.ts';

/** Replies remembered because they lacked something; each is forgotten when its call is made again. */
const MOST_REMEMBERED = 1000;

/**
 * Reads the replies of one server. A reply may lack something that some servers always leave out, such
 * as an empty list; a garbled reply of any other server lacks the same. So a reply that lacks something
 * is malformed until the same call is answered so twice. From then on the server is known to leave the
 * thing out, until it gives it. A server that has written an empty list never leaves one out later, and
 * writes nothing blank in its place.
 */
export class ReplyReader {
  /** By operation and gap. */
  readonly #habits = new Map<string, 'given' | 'left out'>();
  /** Calls whose newest reply lacked something. */
  readonly #saidOnce = new Set<string>();

  /** @throws ApiError of kind `malformed` */
  read<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    body: unknown,
  ): Reply {
    const reply = operation.reply.safeParse(body);
    if (!reply.success) {
      const [issue] = reply.error.issues;
      // Only the place of the issue is told, as its text may quote the reply.
      const place = issue?.path.join('.') || 'its top';
      throw malformed(operation.name, `the reply has an unknown shape at ${place}`);
    }
    for (const gap of operation.gaps ?? []) {
      if (!this.#isBelieved(operation, request, body, gap)) {
        throw malformed(operation.name, `the reply lacks ${gap.of}`);
      }
    }
    return reply.data;
  }

  #isBelieved<Req extends Request>(
    operation: Operation<Req, unknown>,
    request: Req,
    body: unknown,
    gap: Gap<Req>,
  ): boolean {
    const habit = `${operation.name} ${gap.of}`;
    const call = `${habit} ${JSON.stringify(operation.parameters(request))}`;
    const wasSaid = this.#saidOnce.delete(call);
    const known = this.#habits.get(habit);
    const found = gap.judge(body, request);
    if (found === 'given') this.#habits.set(habit, 'given');
    if (found === 'given' || found === undefined || known === 'left out') return true;
    if (found === 'blank' && known === undefined) return true;
    if (known === 'given' && gap.staysGiven) return false;
    if (!wasSaid) {
      if (this.#saidOnce.size >= MOST_REMEMBERED) this.#saidOnce.clear();
      this.#saidOnce.add(call);
    } else if (known === undefined) this.#habits.set(habit, 'left out');
    return wasSaid;
  }
}

function malformed(operation: string, detail: string): ApiError {
  return new ApiError({ kind: 'malformed', operation, detail, httpStatus: 200 });
}
