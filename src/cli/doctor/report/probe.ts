import { z } from 'zod';
import { ApiError } from '../../../model/api-error.ts';
import type { Client, Operation, Parameters, Request } from '../../../smartag/operation.ts';
import { list } from '../../../smartag/wire.ts';
import { reportableCode } from './codes.ts';
import type { Collector } from './collector.ts';

/** A call whose reply is not checked. */
interface ProbeRequest extends Request {
  readonly parameters: Parameters;
}

const probe = (name: string): Operation<ProbeRequest, unknown> => ({
  name,
  writes: false,
  parameters: ({ regionId, parameters }) => ({ RegionId: regionId, ...parameters }),
  // The exporter's own schemas would refuse or repair the very shapes that the report is about.
  reply: z.unknown(),
});

/** One entry of a list in a reply, or the reply itself. */
export type Fields = Readonly<Record<string, unknown>>;

/** The reply, or the error code if the API refused the call. */
export type Answer = { readonly reply: Fields } | { readonly refusal: string };

/** Calls the API and adds the shape of each reply to the collector. */
export class Prober {
  readonly #client: Client;
  readonly #collector: Collector;
  readonly #signal: AbortSignal;

  constructor(client: Client, collector: Collector, signal: AbortSignal) {
    this.#client = client;
    this.#collector = collector;
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  async ask(operation: string, regionId: string, parameters: Parameters): Promise<Answer> {
    try {
      const reply = await this.#client.call(
        probe(operation),
        { regionId, parameters },
        this.#signal,
      );
      this.#collector.addReply(operation, reply);
      return { reply: fieldsOf(reply) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { refusal: error.code === undefined ? error.kind : reportableCode(error.code) };
    }
  }

  /** The entries of a list; empty if the call was refused or the reply has another shape. */
  async list(
    operation: string,
    regionId: string,
    parameters: Parameters,
    [container, element]: readonly [container: string, element: string],
  ): Promise<readonly Fields[]> {
    const answer = await this.ask(operation, regionId, parameters);
    return 'reply' in answer ? entriesOf(answer.reply, container, element) : [];
  }
}

export function entriesOf(reply: Fields, container: string, element: string): readonly Fields[] {
  const entries = list(element, z.unknown()).safeParse(reply[container]);
  return entries.success ? entries.data.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
