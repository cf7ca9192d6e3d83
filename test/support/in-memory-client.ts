import { type Clock, sleep } from '../../src/clock.ts';
import { ApiError, type ApiErrorFacts } from '../../src/model/api-error.ts';
import { ApiFault, apiFault } from '../../src/simulator/gateway/errors.ts';
import { Parameters } from '../../src/simulator/gateway/parameters.ts';
import { writeJson } from '../../src/simulator/gateway/reply.ts';
import { type Subject, subjectOf } from '../../src/simulator/gateway/subject.ts';
import { DEFAULT_KEY, type Quirks, type Simulator } from '../../src/simulator/index.ts';
import { operationNamed } from '../../src/simulator/operations/index.ts';
import type { DisruptiveEffect } from '../../src/simulator/rules/effects.ts';
import { createRandom } from '../../src/simulator/world/random.ts';
import type {
  Client,
  Operation,
  Request,
  Parameters as Sent,
} from '../../src/smartag/operation.ts';
import { kindOf } from '../../src/smartag/transport/error-codes.ts';
import { ReplyReader } from '../../src/smartag/transport/reply-reader.ts';

/** A call that succeeded. */
export interface AnsweredCall {
  readonly subject: Subject;
  /** The state of the world that the reply shows, in seconds since the epoch; before the reply arrived. */
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
  readonly onAnswer?: (call: AnsweredCall) => void;
}

/** Milliseconds from the client to the API, or back: at least this, plus a mean of MEAN_WAY. */
const SHORTEST_WAY = 10;
const MEAN_WAY = 60;
const LONGEST_WAY = 800;

/**
 * The API without HTTP, for tests that move the clock: the simulator's world, limits, faults and permissions
 * behind the interface of the real client. Requests and replies have the same parameters and shapes, and a
 * failure becomes the ApiError that the real client would throw.
 */
export function inMemoryClient(options: InMemoryOptions): Client {
  const { clock, simulator, seed, timeout, onAnswer } = options;
  const ways = createRandom(seed, 'ways');
  const service = new Service(simulator, clock, seed);
  const replies = new ReplyReader();
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
      const parameters = encoded(operation.parameters(request));
      const subject = subjectOf(operation.name, DEFAULT_KEY.accessKeyId, parameters);
      const fail = (facts: Omit<ApiErrorFacts, 'operation'>): ApiError =>
        new ApiError({ operation: operation.name, ...facts });

      await way(signal);
      const { delayMs, outcome } = service.judge(subject);
      if (outcome === 'hang' || delayMs > timeout) {
        service.note(subject, 'hang');
        await sleep(clock, timeout, signal);
        throw fail({ kind: 'timeout', detail: 'no complete reply' });
      }
      await sleep(clock, delayMs, signal);
      const at = clock.now() / 1000;
      try {
        const body = service.answer(subject, parameters, outcome);
        service.note(subject, 'OK');
        await way(signal);
        const reply = replies.read(operation, request, parsed(body));
        onAnswer?.({ subject, at, body });
        return reply;
      } catch (error) {
        const facts = factsOf(error, operation.writes);
        if (!facts) throw error;
        service.note(subject, facts.code ?? facts.kind);
        if (facts.kind !== 'network') await way(signal);
        throw fail(facts);
      }
    },
  };
}

/** This header is in milliseconds. */
const RETRY_AFTER = 'x-acs-retry-after';

/** What happens to a call instead of its answer. */
type Outcome =
  | 'answer'
  | 'hang'
  | { readonly body: string }
  | { readonly quirks: Partial<Quirks> }
  | ApiFault
  | Failure;

/** A failure without an error code of the API. */
class Failure extends Error {
  readonly kind: 'network' | 'unavailable' | 'malformed';

  constructor(kind: Failure['kind']) {
    super(kind);
    this.kind = kind;
  }
}

/** The simulator's gateway without HTTP. */
class Service {
  readonly #simulator: Simulator;
  readonly #clock: Clock;
  readonly #random: ReturnType<typeof createRandom>;

  constructor(simulator: Simulator, clock: Clock, seed: number | string) {
    this.#simulator = simulator;
    this.#clock = clock;
    this.#random = createRandom(seed, 'service');
  }

  judge(subject: Subject): { readonly delayMs: number; readonly outcome: Outcome } {
    const { limits, faults } = this.#simulator;
    const { accessKeyId, operation } = subject;
    const exceeded = limits.refuse(accessKeyId, operation, this.#clock.monotonic());
    if (exceeded) return { delayMs: 0, outcome: throttled(exceeded.retryAfterMs) };
    const { delayMs, disruption } = faults.judge(subject);
    return { delayMs, outcome: disruption ? outcomeOf(disruption) : 'answer' };
  }

  /** The JSON text of the answer. @throws ApiFault, Failure */
  answer({ operation: name }: Subject, parameters: Parameters, outcome: Outcome): string {
    if (outcome instanceof Error) throw outcome;
    if (typeof outcome === 'object' && 'body' in outcome) return outcome.body;
    const { world, roles, permissions } = this.#simulator;
    const quirks = {
      ...this.#simulator.quirks.current,
      ...(typeof outcome === 'object' && outcome.quirks),
    };
    const { accessKeyId } = DEFAULT_KEY;
    if (permissions.isDenied(subjectOf(name, accessKeyId, parameters))) throw apiFault('Forbidden');
    const operation = operationNamed(name);
    if (!operation) throw apiFault('InvalidAction.NotFound');
    const reply = operation.answer({
      parameters,
      world,
      roles,
      requestId: this.#random.uuid(),
      accessKeyId,
      now: this.#clock.now(),
      quirks,
      random: this.#random,
    });
    return writeJson(reply, name, quirks);
  }

  note({ operation, instanceIds, userNames }: Subject, code: string): void {
    this.#simulator.requests.note({
      time: this.#clock.monotonic(),
      operation,
      instanceId: instanceIds[0],
      userNames,
      code,
      httpStatus: 0,
    });
  }
}

function throttled(retryAfterMs: number | undefined): ApiFault {
  const headers = retryAfterMs === undefined ? {} : { [RETRY_AFTER]: String(retryAfterMs) };
  return apiFault('Throttling.User', '', { headers });
}

function outcomeOf(disruption: DisruptiveEffect): Outcome {
  if ('error' in disruption) {
    const { code, httpStatus = 400, message = '' } = disruption.error;
    return new ApiFault(code, httpStatus, message);
  }
  if ('hang' in disruption) return 'hang';
  if ('reset' in disruption || 'cut' in disruption) return new Failure('network');
  if ('body' in disruption) return { body: disruption.body };
  if ('quirks' in disruption) return { quirks: disruption.quirks };
  if ('truncate' in disruption) return new Failure('malformed');
  return new Failure('unavailable');
}

/** @throws Failure where the text is no JSON object, as the SDK core cannot read it then */
function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new Failure('malformed');
}

/** Undefined for an error that is no failure of the API. */
function factsOf(error: unknown, writes: boolean): Omit<ApiErrorFacts, 'operation'> | undefined {
  if (error instanceof Failure) return { kind: error.kind, detail: 'made up' };
  if (!(error instanceof ApiFault)) return undefined;
  const { code, httpStatus, message, headers } = error;
  const kind = kindOf({ code, httpStatus, message, writes });
  const header = headers[RETRY_AFTER];
  const retryAfter = header === undefined ? undefined : Number(header);
  return { kind, code, httpStatus, detail: message, retryAfter };
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
