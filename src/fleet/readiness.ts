import type { Fleet, InstanceRecord } from './fleet.ts';

/** How many of a long list of reasons are spelled out. */
const REASONS_SHOWN = 20;

/**
 * Why the picture is not complete enough to be shown for the first time; empty when it is: every
 * discovery has ended once, and each instance's first users and online passes have, well or badly.
 */
export function reasonsNotReady(fleet: Fleet): readonly string[] {
  const reasons: string[] = [];
  for (const account of fleet.accounts) {
    if (account.regionsPending) reasons.push(`account ${account.name}: looking for its regions`);
    // Nothing to sign with is for the operator to mend; credentials the API refuses are an outcome.
    if (account.paused && account.paused.code === undefined) {
      reasons.push(`account ${account.name}: ${account.paused.message}`);
    }
  }
  for (const { account, regionId, discovery } of fleet.regions) {
    if (discovery.ended === 'never') {
      reasons.push(`account ${account}: discovery in ${regionId} has not ended yet`);
    }
  }
  for (const record of fleet.instances) {
    const pending = pendingStage(record);
    if (pending) {
      reasons.push(`instance ${record.id.instanceId}: its first ${pending} pass has not ended yet`);
    }
  }
  if (reasons.length <= REASONS_SHOWN) return reasons;
  const more = reasons.length - REASONS_SHOWN;
  return [...reasons.slice(0, REASONS_SHOWN), `and ${more} more`];
}

function pendingStage({ stages, snapshot }: InstanceRecord): 'users' | 'online' | undefined {
  if (stages.users.ended === 'never') return 'users';
  // Without users there is nobody to ask about: the online pass cannot begin.
  if (snapshot.users === undefined) return undefined;
  return stages.online.ended === 'never' ? 'online' : undefined;
}
