import { type Clock, SECOND } from '../clock.ts';
import type { AccountRecord, Fleet, InstanceRecord } from '../fleet/fleet.ts';
import { visibleInstance } from '../fleet/visible.ts';
import { POSSIBLE_STAGES } from '../model/stage.ts';
import type { InstanceRow, PageFacts } from './landing-page.ts';

/**
 * What the page says of the fleet as it is now.
 *
 * @param staleAfter milliseconds without success after which a stage may be stale
 */
export function pageFacts(
  fleet: Fleet,
  staleAfter: number,
  clock: Clock,
): Pick<PageFacts, 'problems' | 'instances'> {
  return {
    problems: problemsOf(fleet),
    instances: Array.from(fleet.instances, (record) =>
      instanceRow(fleet, record, { staleAfter, now: clock.now() / SECOND }),
    ),
  };
}

/** What the operator should mend, by account: without credentials there is nothing else to say. */
function problemsOf(fleet: Fleet): readonly string[] {
  const paused = Array.from(fleet.accounts).flatMap(({ name, paused: error }) =>
    error ? [`Account ${name} is paused: ${error.message}`] : [],
  );
  const failed = Array.from(fleet.regions).flatMap(({ account, regionId, discovery }) => {
    const error = discovery.lastError;
    if (!error || error.kind === 'unauthenticated') return [];
    const where = regionId === '' ? 'Looking for the regions' : `Discovery in ${regionId}`;
    return [`${where} failed for account ${account}: ${error.message}`];
  });
  return [...paused, ...failed, ...Array.from(fleet.accounts).flatMap(fallbacksOf)];
}

function fallbacksOf({ name, fallbacks }: AccountRecord): readonly string[] {
  return Array.from(fallbacks)
    .filter(([, applies]) => applies)
    .map(
      ([operation]) =>
        `Account ${name} may not call ${operation}, or the API does not know it: users are asked about one by one, which takes many more calls.`,
    );
}

function instanceRow(
  fleet: Fleet,
  record: InstanceRecord,
  { staleAfter, now }: { readonly staleAfter: number; readonly now: number },
): InstanceRow {
  const { id, info, up, users, online, usersLimit } = visibleInstance(fleet, record, staleAfter);
  const seen = record.stages.online.lastSuccess;
  const failed = POSSIBLE_STAGES.find((stage) => record.stages[stage]?.ended === 'badly');
  return {
    account: id.account,
    regionId: id.regionId,
    instanceId: id.instanceId,
    name: info?.name ?? '',
    up,
    users: users && users.enabled.users + users.disabled.users,
    usersLimit,
    onlineUsers: online?.totals?.users,
    onlineClients: online?.totals?.clients,
    age: seen === undefined ? undefined : Math.max(0, now - seen),
    problem: failed && record.stages[failed]?.lastError?.message,
  };
}
