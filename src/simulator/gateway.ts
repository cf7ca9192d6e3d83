import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Answer, disruptedAnswer, errorReply, reply, send } from './answer.ts';
import type { Authenticate } from './authentication.ts';
import { readForm } from './body.ts';
import { ApiFault, apiFault, ERRORS, type ErrorCode, invalidParameter } from './errors.ts';
import type { Disruption, Faults } from './faults.ts';
import type { Limits } from './limits.ts';
import { findOperation, operationNamed } from './operations/index.ts';
import type { Operation } from './operations/operation.ts';
import { Parameters } from './parameters.ts';
import type { Permissions } from './permissions.ts';
import type { QuirkSwitches } from './quirks.ts';
import type { Random } from './random.ts';
import { writeJson } from './reply.ts';
import { type Requests, UNKNOWN_OPERATION } from './requests.ts';
import { type Subject, subjectOf } from './subject.ts';
import type { World } from './world.ts';

/** What HostId says where the request names no host. */
const DEFAULT_HOST = 'smartag.cn-shanghai.aliyuncs.com';

/** What the gateway is made of. */
export interface GatewayParts {
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly permissions: Permissions;
  readonly quirks: QuirkSwitches;
  readonly requests: Requests;
  readonly world: World;
  readonly clock: Clock;
  readonly log: Log;
  /** For request ids and what the operations make up. */
  readonly random: Random;
}

/** One request on its way through. */
interface Exchange {
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly hostId: string;
  /** Arrival, in monotonic milliseconds. */
  readonly time: number;
  subject: Subject;
}

/**
 * The way of a request: reading, authentication, finding the operation, rate limit, faults,
 * permission, the operation, writing. So a fault hits only calls that would otherwise reach the
 * service, and a denied call counts against the limit.
 */
export class Gateway {
  readonly #parts: GatewayParts;
  readonly #open = new Set<ServerResponse>();
  #closed = false;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Answers one request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, random, requests } = this.#parts;
    if (this.#closed) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    const end = requests.begin();
    response.once('close', () => {
      this.#open.delete(response);
      end();
    });
    // A connection that breaks while we write is the client's affair.
    response.on('error', () => {});
    const exchange: Exchange = {
      response,
      requestId: random.uuid(),
      hostId: request.headers.host || DEFAULT_HOST,
      time: clock.monotonic(),
      subject: NOBODY,
    };
    try {
      await this.#serve(request, exchange);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      this.#write(exchange, this.#failure(error, exchange));
    }
  }

  /** Ends every call that still waits, and refuses new ones. */
  close(): void {
    this.#closed = true;
    for (const response of this.#open) response.destroy();
  }

  async #serve(request: IncomingMessage, exchange: Exchange): Promise<void> {
    const { authenticate, limits, faults, clock } = this.#parts;
    const parameters = await readParameters(request);
    const subject = readSubject(parameters);
    exchange.subject = subject;
    const format = parameters.get('Format') ?? 'JSON';
    if (format.toUpperCase() !== 'JSON') throw invalidParameter('Format');
    const key = authenticate(request.method ?? '', parameters);
    const operation = findOperation(parameters.get('Action'), parameters.get('Version'));

    const exceeded = limits.refuse(key.accessKeyId, operation.name, clock.monotonic());
    if (exceeded !== undefined) throw throttled(exceeded.retryAfterMs);

    const { delayMs, disruption } = faults.judge(subject);
    if (delayMs > 0 && !(await this.#wait(delayMs, exchange.response))) {
      this.#note(exchange, 'abandoned', 0);
      return;
    }
    if (disruption === undefined) {
      this.#write(exchange, this.#answer(operation, subject, parameters, exchange));
    } else {
      this.#disrupt(disruption, exchange, () =>
        this.#answer(operation, subject, parameters, exchange),
      );
    }
  }

  #answer(
    operation: Operation,
    subject: Subject,
    parameters: Parameters,
    { requestId }: Exchange,
  ): Answer {
    const { permissions, world, random, quirks, clock } = this.#parts;
    if (permissions.isDenied(subject)) throw apiFault('Forbidden');
    const { accessKeyId } = subject;
    const { current } = quirks;
    const now = clock.now();
    const call = { parameters, world, requestId, accessKeyId, now, quirks: current, random };
    return reply(writeJson(operation.answer(call), operation.name, current));
  }

  #disrupt(disruption: Disruption, exchange: Exchange, answer: () => Answer): void {
    const { response, requestId } = exchange;
    if ('error' in disruption) {
      const { code } = disruption.error;
      const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : ERRORS.InternalError;
      const { httpStatus = known.httpStatus, message = known.message } = disruption.error;
      throw new ApiFault(code, httpStatus, message);
    }
    if ('reset' in disruption) {
      this.#note(exchange, 'reset', 0);
      response.destroy();
    } else if ('hang' in disruption) {
      this.#note(exchange, 'hang', 0);
    } else if ('truncate' in disruption) {
      const whole = answer();
      const body = whole.body.slice(0, whole.body.length >> 1);
      this.#write(exchange, { ...whole, body, code: 'truncate' });
    } else if ('cut' in disruption) {
      const whole = answer();
      this.#note(exchange, 'cut', whole.httpStatus);
      send(response, whole, requestId, 'cut');
    } else {
      this.#write(exchange, disruptedAnswer(disruption, requestId) ?? answer());
    }
  }

  #write(exchange: Exchange, answer: Answer): void {
    const { response, requestId } = exchange;
    this.#note(exchange, answer.code, answer.httpStatus);
    if (!response.destroyed && !response.headersSent) send(response, answer, requestId);
  }

  #note({ subject, time }: Exchange, code: string, httpStatus: number): void {
    const { requests, log } = this.#parts;
    const { operation, instanceIds, userNames } = subject;
    requests.note({ time, operation, instanceId: instanceIds[0], userNames, code, httpStatus });
    if (log.isLevelEnabled('debug')) {
      log.debug({ operation, instance_id: instanceIds[0], code, status: httpStatus }, 'request');
    }
  }

  #failure(error: unknown, { requestId, hostId, subject }: Exchange): Answer {
    if (error instanceof ApiFault) return errorReply(error, requestId, hostId);
    this.#parts.log.error({ err: error, operation: subject.operation }, 'the simulator failed');
    return errorReply(apiFault('InternalError'), requestId, hostId);
  }

  /** False when the client went away, or the simulator closed, before the time was over. */
  #wait(ms: number, response: ServerResponse): Promise<boolean> {
    return new Promise((resolve) => {
      const onClose = (): void => {
        cancel();
        resolve(false);
      };
      const cancel = this.#parts.clock.after(ms, () => {
        response.off('close', onClose);
        resolve(true);
      });
      response.once('close', onClose);
    });
  }
}

/** Before a request is read nothing is known of it. */
const NOBODY: Subject = {
  operation: UNKNOWN_OPERATION,
  accessKeyId: '',
  instanceIds: [],
  userNames: [],
};

function readSubject(parameters: Parameters): Subject {
  const operation = operationNamed(parameters.get('Action'))?.name ?? UNKNOWN_OPERATION;
  return subjectOf(operation, parameters.get('AccessKeyId') ?? '', parameters);
}

/** Only what counts as the API: `/`, by GET or POST. Parameters may stand in query and body. */
async function readParameters(request: IncomingMessage): Promise<Parameters> {
  const { url = '/', method } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const form = await readForm(request);
  if (path !== '/') throw apiFault('InvalidApi.NotFound');
  if (method !== 'GET' && method !== 'POST') throw apiFault('UnsupportedHTTPMethod');
  return new Parameters(mark < 0 ? '' : url.slice(mark + 1), form);
}

function throttled(retryAfterMs: number | undefined): ApiFault {
  const { httpStatus, message } = ERRORS['Throttling.User'];
  const headers: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'x-acs-retry-after': String(retryAfterMs) };
  return new ApiFault('Throttling.User', httpStatus, message, headers);
}
