import { definedFields } from '../../input/defined-fields.ts';
import type { Match } from '../gateway/subject.ts';
import type { Key, Keys } from '../rules/keys.ts';
import { writtenQuirks } from '../rules/quirks/keys.ts';
import type { Instance } from '../world/instance.ts';
import type { Controlled } from './controlled.ts';

/** The state of a simulator without its users, ready for JSON. Holds no secret. */
export function stateOf({
  world,
  keys,
  limits,
  permissions,
  faults,
  quirks,
  requests,
}: Controlled) {
  const instances = world.instances().map(instanceState);
  const sum = (of: (instance: (typeof instances)[number]) => number): number =>
    instances.reduce((total, instance) => total + of(instance), 0);
  const now = world.time.wall();
  return {
    time: {
      world: new Date(world.time.now()).toISOString(),
      real: new Date(now).toISOString(),
      speed: world.time.speed,
    },
    totals: {
      instances: instances.length,
      users: sum(({ users }) => users.enabled + users.disabled),
      online_users: sum(({ online_users }) => online_users),
      online_clients: sum(({ online_clients }) => online_clients),
    },
    instances,
    faults: faults.rules.map(({ name = null, match = {}, probability = 1, effect }) => ({
      name,
      ...namesOf(match),
      probability,
      effect: Object.keys(effect)[0],
    })),
    limits: limits.current.map(({ kind, limit, ...scope }) => ({ kind, limit, ...namesOf(scope) })),
    denials: permissions.denials.map(namesOf),
    quirks: writtenQuirks(quirks.current),
    keys: keys.all().map((key) => ({
      access_key_id: key.accessKeyId,
      temporary: key.securityToken !== undefined,
      state: keyState(keys, key, now),
    })),
    requests: {
      in_flight: requests.inFlight,
      by_operation: requests.byOperation(),
      by_code: requests.byCode(),
    },
  };
}

function namesOf({ operation, instanceId, userName, accessKeyId }: Match) {
  return definedFields({
    operation,
    instance: instanceId,
    user: userName,
    access_key_id: accessKeyId,
  });
}

/** The users of an instance. Tests compare them with /metrics of an exporter. */
export function usersOf(instance: Instance) {
  return instance.users.map(({ name, state, bandwidth, staticIp, sessions }) => ({
    user_name: name,
    enabled: state === 0,
    bandwidth_kbps: bandwidth,
    static_ip: staticIp ?? null,
    sessions: sessions.map(({ clientIp, onlineTime }) => ({
      client_ip: clientIp,
      start_timestamp_seconds: onlineTime,
    })),
  }));
}

function instanceState(instance: Instance) {
  const { id, regionId, details, users } = instance;
  const online = instance.onlineUsers();
  const enabled = users.filter(({ state }) => state === 0).length;
  const starts = online.flatMap(({ sessions }) => sessions.map(({ onlineTime }) => onlineTime));
  return {
    instance_id: id,
    region_id: regionId,
    name: details.name,
    status: details.status,
    users: { enabled, disabled: users.length - enabled },
    users_limit: details.usersLimit,
    online_users: online.length,
    online_clients: instance.sessionCount,
    oldest_session_start_timestamp_seconds:
      starts.length === 0 ? null : starts.reduce((oldest, start) => Math.min(oldest, start)),
    expiry_timestamp_seconds: details.endTime / 1000,
  };
}

function keyState(keys: Keys, key: Key, now: number): 'active' | 'revoked' | 'expired' {
  if (keys.isRevoked(key.accessKeyId)) return 'revoked';
  return key.expiration !== undefined && key.expiration <= now ? 'expired' : 'active';
}
