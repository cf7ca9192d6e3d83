import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Log, silentLog } from '../log.ts';
import { createAuthentication, DEFAULT_TIMESTAMP_WINDOW_MS } from './authentication.ts';
import { demoWorld } from './demo-world.ts';
import { type FaultRule, Faults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { DEFAULT_KEY, type Key, Keys } from './keys.ts';
import { Limits, type RateLimit } from './limits.ts';
import { Permissions } from './permissions.ts';
import { QuirkSwitches, type Quirks } from './quirks.ts';
import { createRandom } from './random.ts';
import { Requests } from './requests.ts';
import { type Role, Roles } from './roles.ts';
import { createWorld, type World } from './world.ts';

export { demoWorld } from './demo-world.ts';
export type { FaultEffect, FaultRule, Faults } from './faults.ts';
export { DEFAULT_KEY, type Key, type Keys } from './keys.ts';
export type { Limits, RateLimit } from './limits.ts';
export type { Denial, Permissions } from './permissions.ts';
export { DEFAULT_QUIRKS, type QuirkSwitches, type Quirks } from './quirks.ts';
export type { RequestRecord, Requests } from './requests.ts';
export type { Role, Roles } from './roles.ts';
export type { Match } from './subject.ts';
export { createWorld, type World } from './world.ts';
export type { Instance } from './world-instance.ts';
export type {
  ActivityKind,
  InstanceDetails,
  InstanceSpec,
  Session,
  User,
  UserSpec,
  UserState,
  WorldSpec,
} from './world-spec.ts';

/** What a simulator starts with; all but the clock may be left out. */
export interface SimulatorOptions {
  readonly clock: Clock;
  /** @default the demo's world, living */
  readonly world?: World;
  /** @default says nothing */
  readonly log?: Log;
  /** @default the documents' `testid` with `testsecret` */
  readonly keys?: readonly Key[];
  /** The roles that AssumeRole knows. @default every well-formed one */
  readonly roles?: readonly Role[];
  /** Of request ids, of faults with a probability, of the default world. @default 1 */
  readonly seed?: number | string;
  /** @default none */
  readonly limits?: readonly RateLimit[];
  /** @default none */
  readonly faults?: readonly FaultRule[];
  /** @default what the documents say most often */
  readonly quirks?: Partial<Quirks>;
  /** How far a timestamp may lie from the clock, either way. @default 15 minutes */
  readonly timestampWindowMs?: number;
  /** Keeps every call in `requests.recent`. @default false: only counters */
  readonly recordRequests?: boolean;
}

/** The running API: serve `app` with any HTTP server, turn the rest while it runs. */
export interface Simulator {
  /** For `http.createServer`; not an Express app, which would halve what one process answers. */
  readonly app: RequestListener;
  readonly world: World;
  readonly keys: Keys;
  readonly roles: Roles;
  readonly limits: Limits;
  readonly permissions: Permissions;
  readonly faults: Faults;
  readonly quirks: QuirkSwitches;
  readonly requests: Requests;
  /** Ends the calls that still wait; further ones find their connection closed. */
  close(): void;
}

/** Puts the API together; nothing listens, nothing runs by itself. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, log = silentLog(), seed = 1 } = options;
  const world = options.world ?? createWorld(demoWorld({ seed, clock }));
  const keys = new Keys(options.keys ?? [DEFAULT_KEY]);
  const roles = new Roles(options.roles, keys, createRandom(seed, 'roles'));
  const limits = new Limits(options.limits ?? []);
  const permissions = new Permissions();
  const faults = new Faults(options.faults ?? [], createRandom(seed, 'faults'));
  const quirks = new QuirkSwitches(options.quirks ?? {});
  const requests = new Requests(options.recordRequests ?? false);
  const { timestampWindowMs = DEFAULT_TIMESTAMP_WINDOW_MS } = options;
  const gateway = new Gateway({
    authenticate: createAuthentication({ keys, clock, timestampWindowMs }),
    limits,
    faults,
    permissions,
    quirks,
    requests,
    world,
    roles,
    clock,
    log,
    random: createRandom(seed, 'gateway'),
  });

  const app: RequestListener = (request, response) => {
    void gateway.handle(request, response);
  };

  return {
    app,
    world,
    keys,
    roles,
    limits,
    permissions,
    faults,
    quirks,
    requests,
    close: () => gateway.close(),
  };
}
