import type { Clock } from '../clock.ts';
import { type ByStage, mapStages } from '../model/stage.ts';
import type { Fleet, InstanceRecord, RegionRecord, SessionsReading } from './fleet.ts';
import { newCounters } from './instance-counters.ts';
import type { InstanceData, RegionData } from './instance-data.ts';
import { Presence } from './presence.ts';
import { StageRecord, stageRecords } from './stage-record.ts';
import { StoredTimes } from './stored-times.ts';
import { UserCountEvidence } from './user-count.ts';

/*
 * Hands what the fleet knows from one process to the next. What is restored takes effect when polling begins:
 * the account's poller keeps the instances and regions that are still wanted, and removes the others.
 */

/** The intervals of the configuration are set when polling begins. */
const NO_INTERVALS: ByStage<number> = { users: 0, online: 0, sessions: 0, traffic: 0 };

/**
 * The users of the presence and the readings are iterated over later, in slices. Nothing else changes after the
 * call. The readings always belong to the sessions of the snapshot.
 */
export function instanceData(fleet: Fleet, record: InstanceRecord, clock: Clock): InstanceData {
  const times = new StoredTimes(clock);
  const { id, details, snapshot, presence, evidence, readings } = record;
  return {
    writtenAt: times.writtenAt,
    id,
    ...(details && { details }),
    snapshot,
    stages: mapStages(record.stages, (stage) => stage.data(times)),
    isUp: fleet.isUp(record),
    ...(presence.data && { presence: presence.data }),
    evidence: { ...evidence },
    userCountEqualAt: record.userCount.equalAt,
    readings: {
      *[Symbol.iterator]() {
        for (const [userName, { at, clients }] of readings) {
          yield [userName, { at: times.toStored(at), clients }] as const;
        }
      },
    },
    areSessionsComplete: record.areSessionsComplete,
  };
}

export function restoreInstance(fleet: Fleet, data: InstanceData, clock: Clock): void {
  const { id, details, snapshot, evidence } = data;
  const times = new StoredTimes(clock, data.writtenAt);
  const readings = new Map<string, SessionsReading>();
  for (const [userName, { at, clients }] of data.readings) {
    readings.set(userName, { at: times.toMonotonic(at), clients });
  }
  fleet.putInstance({
    id,
    configured: false,
    ...(details && { details }),
    snapshot,
    stages: stageRecords(NO_INTERVALS, (stage, interval, leader) => {
      const stageData = data.stages[stage];
      const stored = stageData && { data: stageData, times };
      return new StageRecord(clock, interval, { leader, stored });
    }),
    wasUp: data.isUp,
    readings,
    areSessionsComplete: data.areSessionsComplete,
    counters: newCounters(),
    presence: new Presence(data.presence),
    evidence: { ...evidence },
    userCount: new UserCountEvidence(fleet.account(id.account).userCount, data.userCountEqualAt),
  });
}

export function regionData(
  { account, regionId, discovery }: RegionRecord,
  clock: Clock,
): RegionData {
  const times = new StoredTimes(clock);
  return { writtenAt: times.writtenAt, account, regionId, discovery: discovery.data(times) };
}

export function restoreRegion(fleet: Fleet, data: RegionData, clock: Clock): void {
  const { account, regionId, discovery } = data;
  const times = new StoredTimes(clock, data.writtenAt);
  const stored = { data: discovery, times };
  fleet.putRegion({ account, regionId, discovery: new StageRecord(clock, 0, { stored }) });
}
