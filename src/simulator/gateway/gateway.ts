import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import type { Log } from '../../log.ts';
import { findOperation, operationNamed, productOf } from '../operations/index.ts';
import type { Operation, Product } from '../operations/operation.ts';
import { denied } from '../rules/denied.ts';
import { type Outcome, outcomeOf } from '../rules/effects.ts';
import type { Faults } from '../rules/faults.ts';
import type { Key } from '../rules/keys.ts';
import type { ExceededLimit, LimitedBy, Limits } from '../rules/limits.ts';
import type { Permissions } from '../rules/permissions.ts';
import type { QuirkSwitches } from '../rules/quirks/switches.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Roles } from '../rules/roles.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { type Answer, errorReply, type Format, formatNamed, reply, send } from './answer.ts';
import type { Authenticate } from './authentication.ts';
import { ApiFault, apiFault, MissingParameterFault } from './errors.ts';
import { claimOf, readRequest } from './incoming.ts';
import type { Parameters } from './parameters.ts';
import { type Requests, UNKNOWN_OPERATION } from './requests.ts';
import { type Subject, subjectOf } from './subject.ts';

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
  readonly roles: Roles;
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
  /** These three are told by the request, as soon as it is read. */
  subject: Subject;
  product: Product;
  format: Format;
}

/**
 * The way of a request: reading, finding the operation, authentication, rate limit, faults,
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
    const { clock, random, requests, quirks } = this.#parts;
    if (this.#closed) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    const end = requests.begin();
    lifetimeOf(response).onEnd(() => {
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
      product: 'Smartag',
      format: quirks.current.defaultFormat,
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
    const incoming = await readRequest(request);
    const { parameters } = incoming;
    const claim = claimOf(incoming);
    exchange.product = productOf(claim.version);
    const name = operationNamed(claim.action)?.name ?? UNKNOWN_OPERATION;
    exchange.subject = subjectOf(name, claim.accessKeyId ?? '', parameters);
    if (claim.format !== undefined) exchange.format = readFormat(claim.format);
    // An unknown operation is refused before key and signature are checked, as error reports show.
    const operation = findOperation(claim);
    const key = authenticate(claim);
    exchange.subject = { ...exchange.subject, roleArn: key.roleArn };

    const exceeded = limits.refuse(principal(key), operation.name, clock.monotonic());
    if (exceeded !== undefined) {
      const { rateLimitHeaders } = this.#parts.quirks.current;
      throw throttled(exceeded, rateLimitHeaders ? clock.now() : undefined);
    }

    const { delayMs, disruption } = faults.judge(exchange.subject);
    if (delayMs > 0 && !(await this.#wait(delayMs, exchange.response))) {
      this.#note(exchange, 'abandoned', 0);
      return;
    }
    if (disruption === undefined) {
      this.#write(exchange, this.#answer(operation, parameters, exchange));
    } else {
      this.#disrupt(outcomeOf(disruption, exchange.requestId), exchange, (quirks) =>
        this.#answer(operation, parameters, exchange, quirks),
      );
    }
  }

  /** @param quirks those that a fault puts in place of the ones in force */
  #answer(
    operation: Operation,
    parameters: Parameters,
    exchange: Exchange,
    quirks?: Partial<Quirks>,
  ): Answer {
    const { permissions, world, roles, random, clock } = this.#parts;
    const { requestId, subject, format } = exchange;
    const inForce = this.#parts.quirks.current;
    const current = quirks === undefined ? inForce : { ...inForce, ...quirks };
    const denial = permissions.denialOf(subject);
    if (denial !== undefined) throw denied(operation, denial, subject, current);
    const answer = operation.answer({
      parameters,
      world,
      roles,
      requestId,
      accessKeyId: subject.accessKeyId,
      now: clock.now(),
      quirks: current,
      random,
    });
    return reply(answer, operation.name, format, current);
  }

  #disrupt(
    outcome: Outcome,
    exchange: Exchange,
    answer: (quirks?: Partial<Quirks>) => Answer,
  ): void {
    if ('error' in outcome) throw outcome.error;
    if ('answer' in outcome) this.#write(exchange, outcome.answer(answer));
    else if ('quirks' in outcome) this.#write(exchange, answer(outcome.quirks));
    else this.#break(outcome.connection, exchange, answer);
  }

  #break(how: 'reset' | 'cut' | 'hang', exchange: Exchange, answer: () => Answer): void {
    const { response, requestId } = exchange;
    if (how === 'cut') {
      const whole = answer();
      this.#note(exchange, how, whole.httpStatus);
      send(response, whole, requestId, 'cut');
      return;
    }
    this.#note(exchange, how, 0);
    if (how === 'reset') response.destroy();
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

  #failure(error: unknown, exchange: Exchange): Answer {
    const { log, quirks } = this.#parts;
    const context = { ...exchange, quirks: quirks.current };
    if (error instanceof MissingParameterFault && context.quirks.missingParameter === 'general') {
      return errorReply(apiFault('MissingParameter'), context);
    }
    if (error instanceof ApiFault) return errorReply(error, context);
    log.error({ err: error, operation: exchange.subject.operation }, 'the simulator failed');
    return errorReply(apiFault('InternalError'), context);
  }

  /** False when the client went away, or the simulator closed, before the time was over. */
  #wait(ms: number, response: ServerResponse): Promise<boolean> {
    const lifetime = lifetimeOf(response);
    if (lifetime.isOver) return Promise.resolve(false);
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const withdraw = lifetime.onEnd(() => {
        cancel();
        resolve(false);
      });
      cancel = this.#parts.clock.after(ms, () => {
        withdraw();
        resolve(true);
      });
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

function readFormat(text: string): Format {
  const format = formatNamed(text);
  if (format === undefined) throw apiFault('InvalidParameter.Format');
  return format;
}

/** Quotas are the account's and its users'; a role's keys are counted as the key they were got with. */
function principal({ countedAs, accessKeyId }: Key): string {
  return countedAs ?? accessKeyId;
}

/** The header that reports a limit. No header reports a limit on the calls of all accounts to an operation. */
const RATE_LIMIT_HEADERS: Readonly<Partial<Record<LimitedBy, string>>> = {
  'user-and-operation': 'X-RateLimit-User-API',
  user: 'X-RateLimit-User',
};

/** @param now undefined: the reply has no header that reports the limit */
function throttled(exceeded: ExceededLimit, now: number | undefined): ApiFault {
  const { by = 'user-and-operation', limit, retryAfterMs, timeLeftMs } = exceeded;
  const header = RATE_LIMIT_HEADERS[by];
  const headers = {
    ...(retryAfterMs !== undefined && { 'x-acs-retry-after': String(retryAfterMs) }),
    ...(now !== undefined &&
      header !== undefined && {
        [header]: `Limit:${limit},Remain:0,TimeLeft:${timeLeftMs},Reset:${now + timeLeftMs}`,
      }),
  };
  return apiFault(by === 'operation' ? 'Throttling.Api' : 'Throttling.User', '', { headers });
}
