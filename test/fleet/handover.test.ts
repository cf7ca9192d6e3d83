import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import {
  instanceData,
  regionData,
  restoreInstance,
  restoreRegion,
} from '../../src/fleet/handover.ts';
import { FleetBench, INTERVALS, START, user } from '../support/fleet-bench.ts';

const ID = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-a' };

/** An instance with data of every kind. */
async function bench() {
  const earlier = new FleetBench();
  const record = earlier.instance('sag-a', {
    details: { name: 'office', status: 'Active', usersLimit: 2 },
  });
  earlier.discover();
  earlier.users(record, [user('ann'), user('bob')]);
  earlier.online(record, { ann: 1, bob: 0 });
  earlier.sessions(record, { ann: [{ clientIp: '10.0.0.1', start: START - 60 }], bob: [] });
  record.presence.counted(
    START,
    new Map([
      ['ann', 1],
      ['bob', 0],
    ]),
    true,
  );
  record.readings = new Map([['ann', { at: 0, clients: 1 }]]);
  record.areSessionsComplete = true;
  record.evidence.leftOutIsOffline = true;
  record.userCount.compare(2, 2);
  await earlier.clock.advance(10 * SECOND);
  return { earlier, record };
}

describe('what is handed to the next process', () => {
  it('is restored as it was, with the time that the process was down', async () => {
    const { earlier, record } = await bench();
    const instance = instanceData(earlier.fleet, record, earlier.clock);
    const later = new FleetBench();
    await later.clock.advance(MINUTE);
    for (const region of earlier.fleet.regions) {
      restoreRegion(later.fleet, regionData(region, earlier.clock), later.clock);
    }
    restoreInstance(later.fleet, instance, later.clock);
    const restored = later.fleet.addInstance(ID, { configured: false, intervals: INTERVALS });

    expect(restored.snapshot).toEqual(record.snapshot);
    expect(restored.details).toEqual(record.details);
    expect(restored.evidence).toEqual(record.evidence);
    expect(restored.presence.data).toEqual(record.presence.data);
    expect(restored.userCount.equalAt).toEqual([2]);
    expect(restored.areSessionsComplete).toBe(true);
    // Read a minute ago.
    expect([...restored.readings]).toEqual([['ann', { at: 0, clients: 1 }]]);
    expect(later.fleet.isUp(restored)).toBe(true);
    expect(later.lines('sag_app_discovery_last_success_timestamp_seconds')).toEqual(
      earlier.lines('sag_app_discovery_last_success_timestamp_seconds'),
    );
    expect(instanceData(later.fleet, restored, later.clock)).toMatchObject({
      stages: JSON.parse(JSON.stringify(instance.stages)),
    });
  });

  it('does not change with the earlier process', async () => {
    const { earlier, record } = await bench();
    const later = new FleetBench();
    restoreInstance(later.fleet, instanceData(earlier.fleet, record, earlier.clock), later.clock);
    record.evidence.leftOutIsOffline = false;
    record.presence.keepOnly(new Set());
    record.counters.sessionsEnded = 7;
    const restored = later.fleet.instance(ID);
    expect(restored?.evidence.leftOutIsOffline).toBe(true);
    expect(restored?.presence.lastOnline('ann')).toBe(START);
    expect(restored?.counters.sessionsEnded).toBe(0);
  });

  it('has the same sessions and readings, also when a pass ends while it is written', async () => {
    const { earlier, record } = await bench();
    const { snapshot, readings } = instanceData(earlier.fleet, record, earlier.clock);
    record.readings = new Map([['ann', { at: 9 * SECOND, clients: 2 }]]);
    earlier.sessions(record, { ann: [{ clientIp: '10.0.0.9' }], bob: [] });
    expect(snapshot.sessions?.sessions.get('ann')).toHaveLength(1);
    expect([...readings]).toEqual([['ann', { at: START, clients: 1 }]]);
  });
});
