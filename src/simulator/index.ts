import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Log, silentLog } from '../log.ts';
import type { Controlled } from './control/controlled.ts';
import { createAuthentication, DEFAULT_TIMESTAMP_WINDOW_MS } from './gateway/authentication.ts';
import { Gateway } from './gateway/gateway.ts';
import { HttpService } from './gateway/http.ts';
import { Requests } from './gateway/requests.ts';
import { type FaultRule, Faults } from './rules/faults.ts';
import { DEFAULT_KEY, type Key, Keys } from './rules/keys.ts';
import { Limits, type RateLimit } from './rules/limits.ts';
import { Permissions } from './rules/permissions.ts';
import { QuirkSwitches } from './rules/quirks/switches.ts';
import type { Quirks } from './rules/quirks/table.ts';
import { type Role, Roles } from './rules/roles.ts';
import { beginScenario, type Scenario } from './scenario/scenario.ts';
import { demoWorld } from './world/demo-world.ts';
import { createRandom } from './world/random.ts';
import type { WorldSpec } from './world/spec.ts';
import { createWorld, type World } from './world/world.ts';

export { type Clock, systemClock } from '../clock.ts';
export { createControlApp } from './control/app.ts';
export type { ApiRequest, Gateway, IncomingCall } from './gateway/gateway.ts';
export type { RequestRecord, Requests } from './gateway/requests.ts';
export type { Match } from './gateway/subject.ts';
export type { FaultEffect, Latency } from './rules/effects.ts';
export type { FaultRule, Faults } from './rules/faults.ts';
export { DEFAULT_KEY, type Key, type Keys } from './rules/keys.ts';
export type { Limits, RateLimit } from './rules/limits.ts';
export type { Denial, Permissions } from './rules/permissions.ts';
export type { QuirkSwitches } from './rules/quirks/switches.ts';
export {
  DEFAULT_QUIRKS,
  QUIRK_PRESETS,
  type QuirkPreset,
  type Quirks,
} from './rules/quirks/table.ts';
export type { Role, Roles } from './rules/roles.ts';
export type { Scenario } from './scenario/scenario.ts';
export { loadScenario, type ScenarioSource } from './scenario/scenario.ts';
export { demoWorld } from './world/demo-world.ts';
export type { Instance } from './world/instance.ts';
export type {
  ActivityKind,
  InstanceDetails,
  InstanceSpec,
  Session,
  User,
  UserSpec,
  UserState,
  WorldSpec,
} from './world/spec.ts';
export { createWorld, type World } from './world/world.ts';

/** The parts that a simulator starts with. Only the clock is required. */
export interface SimulatorOptions {
  readonly clock: Clock;
  /** @default the fleet of the scenario, else the demo fleet, with users who come and go */
  readonly world?: World;
  /** The fleet at the start and the events after it. @default no events */
  readonly scenario?: Scenario;
  /** @default nothing is logged */
  readonly log?: Log;
  /** @default the scenario's, else the documents' `testid` with `testsecret` */
  readonly keys?: readonly Key[];
  /** The roles that AssumeRole knows. @default every role with a well-formed name */
  readonly roles?: readonly Role[];
  /**
   * Seed of request ids, of faults with a probability, and of the default world. @default the scenario's,
   * else 1
   */
  readonly seed?: number | string;
  /** World milliseconds per clock millisecond, in the default world. @default the scenario's, else 1 */
  readonly speed?: number;
  /** @default none */
  readonly limits?: readonly RateLimit[];
  /** @default none */
  readonly faults?: readonly FaultRule[];
  /** Quirks that are left out here have the scenario's value. @default what the documents say most often */
  readonly quirks?: Partial<Quirks>;
  /** How far a timestamp may lie from the clock, in either direction. @default 15 minutes */
  readonly timestampWindowMs?: number;
  /** Whether `requests.recent` keeps every call. @default false: only counters are kept */
  readonly recordRequests?: boolean;
}

/** The running API. Serve `app` with any HTTP server; change the other parts while it runs. */
export interface Simulator extends Controlled {
  /**
   * Handler for `http.createServer`. It is not an Express app, because Express would halve the number of
   * requests that one process answers.
   */
  readonly app: RequestListener;
  /** The API without HTTP, for callers in the same process. */
  readonly gateway: Gateway;
  readonly roles: Roles;
  /** Closes the connections of calls that are still waiting, and of all later calls. */
  close(): void;
}

/** Creates the API from its parts. It opens no port and starts no timer. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, log = silentLog(), scenario } = options;
  const seed = options.seed ?? scenario?.seed ?? 1;
  const quirks = new QuirkSwitches({ ...scenario?.quirks, ...options.quirks });
  const world = options.world ?? createWorld(worldSpecOf(options, seed, quirks.current));
  const keys = new Keys(options.keys ?? (scenario?.hasKeys ? [] : [DEFAULT_KEY]));
  const roles = new Roles(options.roles, keys, createRandom(seed, 'roles'));
  const limits = new Limits(options.limits ?? []);
  const permissions = new Permissions();
  const faults = new Faults(options.faults ?? [], createRandom(seed, 'faults'));
  const requests = new Requests(options.recordRequests ?? false);
  const { timestampWindowMs = DEFAULT_TIMESTAMP_WINDOW_MS } = options;
  const gateway = new Gateway({
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

  const controlled = { world, keys, limits, permissions, faults, quirks, requests };
  if (scenario !== undefined) beginScenario(scenario, controlled, log);

  const authenticate = createAuthentication({ keys, clock, timestampWindowMs });
  const http = new HttpService({ gateway, authenticate, requests, clock });
  const app: RequestListener = (request, response) => {
    void http.handle(request, response);
  };
  return { ...controlled, app, gateway, roles, close: () => http.close() };
}

/** The world to create when the options hold none. */
function worldSpecOf(
  options: SimulatorOptions,
  seed: number | string,
  { mailNames }: Quirks,
): WorldSpec {
  const { clock, scenario } = options;
  const speed = options.speed ?? scenario?.speed ?? 1;
  if (scenario === undefined) return { ...demoWorld({ seed, clock }), speed, mailNames };
  const wall = clock.now();
  const start = scenario.start?.(wall) ?? wall;
  const instances = scenario.instances(wall);
  return { seed, clock, start, speed, instances, activity: 'living', mailNames };
}
