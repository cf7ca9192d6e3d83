import { type Clock, sleep } from '../../src/clock.ts';
import { ApiError, type ApiErrorFacts } from '../../src/model/api-error.ts';
import type { Answer } from '../../src/simulator/gateway/answer.ts';
import { Parameters } from '../../src/simulator/gateway/parameters.ts';
import { type Subject, subjectOf } from '../../src/simulator/gateway/subject.ts';
import { DEFAULT_KEY, type Simulator } from '../../src/simulator/index.ts';
import { createRandom } from '../../src/simulator/world/random.ts';
import type {
  Client,
  Operation,
  Request,
  Parameters as Sent,
} from '../../src/smartag/operation.ts';
import { kindOf } from '../../src/smartag/transport/error-codes.ts';
import { ReplyReader } from '../../src/smartag/transport/reply-reader.ts';

/** A call that was answered without an error. */
export interface AnsweredCall {
  readonly subject: Subject;
  /** When the API looked at its world, in seconds since the epoch: before the answer arrived. */
  readonly at: number;
  /** The JSON text. */
  readonly body: string;
}

export interface InMemoryOptions {
  readonly simulator: Simulator;
  readonly clock: Clock;
  readonly seed: number | string;
  /** Milliseconds a call may take. */
  readonly timeout: number;
  /** @default a reader that knows nothing of the server yet */
  readonly replies?: ReplyReader;
  readonly onAnswer?: (call: AnsweredCall) => void;
}

/** Milliseconds of one way to or from the API: at least, on average beyond that, and at most. */
const SHORTEST_WAY = 10;
const MEAN_WAY = 60;
const LONGEST_WAY = 800;

const VERSION = '2018-03-13';

/**
 * A client of the simulator's gateway without HTTP and signatures, for clocks that a test moves.
 * Failures become the ApiError that the real client would make of them.
 */
export function inMemoryClient(options: InMemoryOptions): Client {
  const { clock, simulator, seed, timeout, onAnswer, replies = new ReplyReader() } = options;
  const ways = createRandom(seed, 'ways');
  const way = (signal: AbortSignal): Promise<void> => {
    const ms = SHORTEST_WAY + ways.exponential(MEAN_WAY);
    return sleep(clock, Math.min(ms, LONGEST_WAY), signal);
  };
  return {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
      signal: AbortSignal,
    ): Promise<Reply> {
      signal.throwIfAborted();
      const { name, writes } = operation;
      const { accessKeyId } = DEFAULT_KEY;
      const parameters = encoded(operation.parameters(request));
      const claim = { action: name, version: VERSION, accessKeyId, format: 'JSON' };
      const fail = (facts: Omit<ApiErrorFacts, 'operation'>): ApiError =>
        new ApiError({ operation: name, ...facts });

      await way(signal);
      const deadline = clock.monotonic() + timeout;
      const answer = await simulator.gateway.answer({
        hostId: 'in-memory',
        read: async () => ({ claim, parameters, authenticate: () => DEFAULT_KEY }),
        async wait(ms) {
          if (clock.monotonic() + ms > deadline) return false;
          return sleep(clock, ms, signal).then(
            () => true,
            () => false,
          );
        },
      });
      signal.throwIfAborted();
      if (answer === undefined || answer.delivery === 'held') {
        await sleep(clock, deadline - clock.monotonic(), signal);
        throw fail({ kind: 'timeout', detail: 'no complete reply' });
      }
      if (answer.delivery !== 'whole') throw fail({ kind: 'network', detail: answer.delivery });
      const at = clock.now() / 1000;
      await way(signal);
      const body = objectOf(answer.body);
      const failure = failureOf(answer, body, writes);
      if (failure) throw fail(failure);
      const reply = replies.read(operation, request, body);
      onAnswer?.({ subject: subjectOf(name, accessKeyId, parameters), at, body: answer.body });
      return reply;
    },
  };
}

/** The JSON object of a body; undefined when it holds none. */
function objectOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {}
  return undefined;
}

/** Undefined for a reply without an error. */
function failureOf(
  { httpStatus, headers, body: text }: Answer,
  body: Readonly<Record<string, unknown>> | undefined,
  writes: boolean,
): Omit<ApiErrorFacts, 'operation'> | undefined {
  const { Code: code, Message: message } = body ?? {};
  if (typeof code === 'string') {
    const detail = String(message);
    const kind = kindOf({ code, httpStatus, message: detail, writes });
    const milliseconds = headers['x-acs-retry-after'];
    const retryAfter = milliseconds === undefined ? undefined : Number(milliseconds);
    return { kind, code, httpStatus, detail, retryAfter };
  }
  // A proxy in front of the API answers with HTML or nothing.
  if (httpStatus >= 500 || text === '' || text.startsWith('<')) {
    return { kind: 'unavailable', httpStatus, detail: 'no code' };
  }
  return body ? undefined : { kind: 'malformed', httpStatus, detail: 'no JSON object' };
}

/** Parameters as the SDK core sends them: lists numbered from 1. */
function encoded(parameters: Sent): Parameters {
  const pairs = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object'
      ? value.map((item, index) => [`${name}.${index + 1}`, item])
      : [[name, String(value)]],
  );
  return new Parameters(new URLSearchParams(pairs).toString());
}
