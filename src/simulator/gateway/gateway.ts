import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { findOperation, operationNamed, productOf } from '../operations/index.ts';
import type { Operation, Product } from '../operations/operation.ts';
import { disrupt } from '../rules/effects.ts';
import type { Faults } from '../rules/faults.ts';
import type { Key } from '../rules/keys.ts';
import { type Limits, throttled } from '../rules/limits.ts';
import { denied, type Permissions } from '../rules/permissions.ts';
import type { QuirkSwitches } from '../rules/quirks/switches.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Roles } from '../rules/roles.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { type Answer, errorReply, type Format, formatNamed, reply } from './answer.ts';
import type { Claim } from './claim.ts';
import { ApiFault, apiFault, MissingParameterFault } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { type Requests, UNKNOWN_OPERATION } from './requests.ts';
import { type Subject, subjectOf } from './subject.ts';

export interface GatewayParts {
  readonly limits: Limits;
  readonly faults: Faults;
  readonly permissions: Permissions;
  readonly quirks: QuirkSwitches;
  readonly requests: Requests;
  readonly world: World;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly log: Log;
  /** For request ids and for names that operations make up. */
  readonly random: Random;
}

/** A request, independent of how it was sent. */
export interface ApiRequest {
  readonly claim: Pick<Claim, 'action' | 'version' | 'accessKeyId' | 'format'>;
  readonly parameters: Parameters;
  /** The key that signed the request. @throws ApiFault when the signature or a common parameter is wrong */
  authenticate(): Key;
}

/** One call that reaches the gateway over HTTP, or from a test in the same process. */
export interface IncomingCall {
  /** The host name that errors repeat. */
  readonly hostId: string;
  /**
   * Reads the request; undefined when the caller has gone away.
   *
   * @throws ApiFault when it is not a request of the API
   */
  read(): Promise<ApiRequest | undefined>;
  /** Waits for a delayed answer; false when the caller has gone away in the meantime. */
  wait(ms: number): Promise<boolean>;
}

interface Exchange {
  readonly requestId: string;
  readonly hostId: string;
  /** Arrival, in monotonic milliseconds. */
  readonly time: number;
  /** Defaults until the request has been read. */
  subject: Subject;
  product: Product;
  format: Format;
}

/**
 * The API, without HTTP. A call passes these steps: reading, finding the operation, authentication,
 * rate limit, faults, permission, the operation, writing. So a fault hits only calls that would
 * otherwise reach the service, and a denied call counts against the limit.
 */
export class Gateway {
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Never rejects. @returns undefined when the caller has gone away */
  async answer(call: IncomingCall): Promise<Answer | undefined> {
    const { clock, random, quirks, world } = this.#parts;
    world.catchUp();
    const exchange: Exchange = {
      requestId: random.uuid(),
      hostId: call.hostId,
      time: clock.monotonic(),
      subject: NO_SUBJECT,
      product: 'Smartag',
      format: quirks.current.defaultFormat,
    };
    let answer: Answer | undefined;
    try {
      const request = await call.read();
      if (request === undefined) return undefined;
      answer = await this.#serve(request, call, exchange);
    } catch (error) {
      answer = this.#failure(error, exchange);
    }
    this.#note(exchange, answer?.code ?? 'abandoned', answer?.httpStatus ?? 0);
    return (
      answer && {
        ...answer,
        headers: { ...answer.headers, 'x-acs-request-id': exchange.requestId },
      }
    );
  }

  /** @returns undefined when the caller has gone away during a delay */
  async #serve(
    { claim, parameters, authenticate }: ApiRequest,
    call: IncomingCall,
    exchange: Exchange,
  ): Promise<Answer | undefined> {
    const { limits, faults, clock, quirks } = this.#parts;
    exchange.product = productOf(claim.version);
    const name = operationNamed(claim.action)?.name ?? UNKNOWN_OPERATION;
    exchange.subject = subjectOf(name, claim.accessKeyId ?? '', parameters);
    if (claim.format !== undefined) exchange.format = readFormat(claim.format);
    // An unknown operation is refused before key and signature are checked. Error reports show that.
    const operation = findOperation(claim);
    const key = authenticate();
    exchange.subject = { ...exchange.subject, roleArn: key.roleArn };

    // Quotas belong to the account and its users. A role's keys count as the key that assumed the role.
    const principal = key.countedAs ?? key.accessKeyId;
    const exceeded = limits.refuse(principal, operation.name, clock.monotonic());
    if (exceeded !== undefined) {
      throw throttled(exceeded, quirks.current.rateLimitHeaders ? clock.now() : undefined);
    }

    const { delayMs, disruption } = faults.judge(exchange.subject);
    if (delayMs > 0 && !(await call.wait(delayMs))) return undefined;
    const answer = (fromFault?: Partial<Quirks>): Answer => {
      const readings = fromFault ? { ...quirks.current, ...fromFault } : quirks.current;
      return this.#carryOut(operation, parameters, exchange, readings);
    };
    if (disruption === undefined) return answer();
    return disrupt(disruption, { requestId: exchange.requestId, answer });
  }

  #carryOut(
    operation: Operation,
    parameters: Parameters,
    { requestId, subject, format }: Exchange,
    quirks: Quirks,
  ): Answer {
    const { permissions, world, roles, random, clock } = this.#parts;
    const denial = permissions.denialOf(subject);
    if (denial !== undefined) throw denied(operation, denial, subject, quirks);
    const body = operation.answer({
      parameters,
      world,
      roles,
      requestId,
      accessKeyId: subject.accessKeyId,
      now: clock.now(),
      quirks,
      random,
    });
    return reply(body, operation.name, format, quirks);
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
    log.error(
      { err: error, operation: exchange.subject.operation },
      'internal error of the simulator; the call gets InternalError',
    );
    return errorReply(apiFault('InternalError'), context);
  }
}

const NO_SUBJECT: Subject = {
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
