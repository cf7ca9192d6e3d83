import { ApiError } from '../../model/api-error.ts';
import type { Gap, Operation, Request } from '../operation.ts';

/**
 * Maximum number of calls that are remembered because their reply lacked a part. A call is forgotten when it
 * is made again.
 */
const MOST_REMEMBERED = 1000;

/**
 * Reads the replies of one server. Some servers always leave out a part, such as an empty list. On other
 * servers, only a garbled reply lacks that part. So a reply that lacks a part is malformed, until the same
 * call gets such a reply twice in a row. From then on the server is known to leave the part out, until a
 * reply has the part again. A server that has sent an empty list once is expected to send every empty list.
 */
export class ReplyReader {
  /** For each operation and gap, whether the server sends the part. */
  readonly #habits = new Map<string, 'present' | 'left out'>();
  /** Calls whose newest reply lacked a part. */
  readonly #lacking = new Set<string>();

  /** @param partsLeftOut as an earlier process has found them. @default none is known */
  constructor(partsLeftOut: Iterable<string> = []) {
    for (const part of partsLeftOut) this.#habits.set(part, 'left out');
  }

  /**
   * The parts that the server leaves out, each with its operation, as plain data. Parts that it sends are not
   * kept over a restart: a server that leaves them out from then on would be refused for ever.
   */
  get partsLeftOut(): readonly string[] {
    return [...this.#habits].filter(([, habit]) => habit === 'left out').map(([part]) => part);
  }

  /** @throws ApiError of kind `malformed` */
  read<Req extends Request, Reply>(
    operation: Operation<Req, Reply>,
    request: Req,
    body: unknown,
  ): Reply {
    const reply = operation.reply.safeParse(body);
    if (!reply.success) {
      const [issue] = reply.error.issues;
      // The text of the issue is left out, because it may quote the reply.
      const place = issue?.path.join('.') || 'its top';
      throw malformed(operation.name, `the reply has an unknown shape at ${place}`);
    }
    for (const gap of operation.gaps ?? []) {
      if (!this.#isBelieved(operation, request, body, gap)) {
        throw malformed(operation.name, `the reply lacks ${gap.part}`);
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
    const key = `${operation.name} ${gap.part}`;
    const call = `${key} ${JSON.stringify(operation.parameters(request))}`;
    const isRepeated = this.#lacking.delete(call);
    const habit = this.#habits.get(key);
    const found = gap.judge(body, request);
    if (found === 'present') this.#habits.set(key, 'present');
    if (found === 'present' || found === undefined || habit === 'left out') return true;
    if (found === 'blank' && habit === undefined) return true;
    if (habit === 'present' && gap.staysPresent) return false;
    if (!isRepeated) {
      if (this.#lacking.size >= MOST_REMEMBERED) this.#lacking.clear();
      this.#lacking.add(call);
    } else if (habit === undefined) this.#habits.set(key, 'left out');
    return isRepeated;
  }
}

function malformed(operation: string, detail: string): ApiError {
  return new ApiError({ kind: 'malformed', operation, detail, httpStatus: 200 });
}
