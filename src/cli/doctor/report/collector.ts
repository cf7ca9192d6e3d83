import type { IncomingHttpHeaders } from 'node:http';
import type { CallRecord } from '../../../smartag/transport/observed.ts';
import { reportableCode } from './codes.ts';
import { bucketOf, type IsHidden, Shape } from './shape.ts';

/** Response headers in which the API gives callers a pace. */
const PACING_HEADERS = [
  'x-acs-retry-after',
  'retry-after',
  'x-ratelimit-user-api',
  'x-ratelimit-user',
];

/** Shorter texts are not hidden: they identify no account, and would match too many words of the report. */
const SHORTEST_VALUE = 3;

interface Answers {
  readonly outcomes: Map<string, number>;
  readonly headers: Set<string>;
  readonly reply: Shape;
}

/** Collects the shapes of the answers by operation, for a report without their values. */
export class Collector {
  readonly #operations = new Map<string, Answers>();
  /** Every text in a reply, in lower case, so that none of them gets into the report. */
  readonly #values = new Set<string>();

  readonly isHidden: IsHidden = (text) => this.#values.has(text.toLowerCase());

  onCall({ operation, error }: CallRecord): void {
    const { outcomes } = this.#of(operation);
    const outcome =
      error === undefined
        ? 'answered'
        : JSON.stringify({
            kind: error.kind,
            code: error.code === undefined ? undefined : reportableCode(error.code),
            http_status: error.httpStatus,
          });
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  onResponse(operation: string, headers: IncomingHttpHeaders): void {
    for (const name of PACING_HEADERS) {
      if (headers[name] !== undefined) this.#of(operation).headers.add(name);
    }
  }

  addReply(operation: string, reply: unknown): void {
    this.#remember(reply);
    this.#of(operation).reply.add(reply);
  }

  /** The answers of each operation, ready for JSON. */
  describe(): readonly unknown[] {
    return [...this.#operations].map(([operation, { outcomes, headers, reply }]) => ({
      operation,
      calls: [...outcomes].map(([outcome, count]) => ({
        ...(outcome === 'answered' ? { outcome } : (JSON.parse(outcome) as object)),
        count: bucketOf(count),
      })),
      pacing_headers: [...headers],
      reply: reply.describe(this.isHidden),
    }));
  }

  #of(operation: string): Answers {
    const known = this.#operations.get(operation);
    if (known) return known;
    const answers = { outcomes: new Map(), headers: new Set<string>(), reply: new Shape() };
    this.#operations.set(operation, answers);
    return answers;
  }

  #remember(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length >= SHORTEST_VALUE) this.#values.add(value.toLowerCase());
    } else if (typeof value === 'object' && value !== null) {
      for (const field of Object.values(value)) this.#remember(field);
    }
  }
}
