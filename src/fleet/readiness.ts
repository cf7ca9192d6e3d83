import { lacksCredentials } from '../model/api-error.ts';
import { INSTANCE_STAGES, type InstanceStage, STAGES } from '../model/stage.ts';
import type { Fleet, InstanceRecord } from './fleet.ts';
import type { StageRecord } from './stage-record.ts';

/** How many of a long list of reasons are spelled out. */
const REASONS_SHOWN = 20;
/** How many of the instances that have not been read yet are named. */
const INSTANCES_NAMED = 3;

/**
 * Why the picture is not complete enough to be shown for the first time; empty when it is: every
 * discovery has ended once, and each instance's first users and online passes have, well or badly.
 */
export function reasonsNotReady(fleet: Fleet): readonly string[] {
  const reasons = new Set<string>();
  for (const { name, paused, regionsPending } of fleet.accounts) {
    // Credentials the API refuses are an outcome; none at all are for the operator to mend.
    if (lacksCredentials(paused)) reasons.add(`account ${name}: ${paused.message}`);
    if (regionsPending) reasons.add(lookingForRegions(name));
  }
  for (const { account, regionId, discovery } of fleet.regions) {
    if (!isPending(discovery)) continue;
    // The empty region stands for finding out which there are.
    if (regionId === '') reasons.add(lookingForRegions(account));
    else reasons.add(`account ${account}: discovery in ${regionId} has not ended yet`);
  }
  const unread = unreadInstances(fleet);
  if (unread !== undefined) reasons.add(unread);
  if (reasons.size <= REASONS_SHOWN) return [...reasons];
  const more = reasons.size - REASONS_SHOWN;
  return [...[...reasons].slice(0, REASONS_SHOWN), `and ${more} more`];
}

/** One reason for all instances that have not been read yet: a large fleet has many at its start. */
function unreadInstances(fleet: Fleet): string | undefined {
  let count = 0;
  const unread: string[] = [];
  for (const record of fleet.instances) {
    count++;
    const stage = pendingStage(record);
    if (stage) unread.push(`${record.id.instanceId} (${stage})`);
  }
  if (unread.length === 0) return undefined;
  const named = unread.slice(0, INSTANCES_NAMED);
  const more = unread.length - named.length;
  const waiting = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return `${count - unread.length} of ${count} instances read; still waiting for ${waiting}`;
}

const lookingForRegions = (account: string): string =>
  `account ${account}: looking for its regions`;

function pendingStage({ stages, snapshot }: InstanceRecord): InstanceStage | undefined {
  return INSTANCE_STAGES.find((stage) => {
    const { isEssential, after } = STAGES[stage];
    const record = stages[stage];
    // Where the list of users could not be read, the online pass cannot begin.
    const canBegin = after === undefined || snapshot[after] !== undefined;
    return isEssential && canBegin && record && isPending(record);
  });
}

/** A pass that had nothing to sign with has not asked anything: it does not count as the first. */
function isPending(stage: StageRecord): boolean {
  return stage.ended === 'never' || lacksCredentials(stage.lastError);
}
