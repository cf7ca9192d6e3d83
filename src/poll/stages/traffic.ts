import type { ApiError } from '../../model/api-error.ts';
import type { UserTraffic } from '../../model/user.ts';
import {
  describeUserFlowStatistics,
  USERS_PER_TRAFFIC_CALL,
} from '../../smartag/operations/describe-user-flow-statistics.ts';
import { callsOf, sum } from '../forecast/calls.ts';
import { askEach } from '../strategies/ask-each.ts';
import { chunksOf } from '../strategies/chunks.ts';
import type { PolledInstance, PolledStage } from './polled-stage.ts';

/** Reads the month's traffic of each user, 50 users a call. */
export const trafficStage: PolledStage = {
  begin: (instance) => (signal) => trafficPass(instance, signal),
  trial: (client, { userName, ...instance }, signal) =>
    client.call(describeUserFlowStatistics, { ...instance, userNames: [userName] }, signal),
  calls: ({ instances }) =>
    callsOf(
      describeUserFlowStatistics.name,
      sum(instances, ({ users }) => Math.ceil(users / USERS_PER_TRAFFIC_CALL)),
    ),
};

/** The cloud resets its counters each month, so a value that is smaller than before is not an error. */
async function trafficPass(
  { record, client, parallel }: PolledInstance,
  signal: AbortSignal,
): Promise<ApiError | undefined> {
  const { regionId, instanceId } = record.id;
  const names = (record.snapshot.users?.users ?? []).map((user) => user.name);
  const before = record.snapshot.traffic?.users;
  const { answers, failure } = await askEach({
    subjects: chunksOf(names, USERS_PER_TRAFFIC_CALL),
    ask: async (userNames) => {
      const request = { regionId, instanceId, userNames };
      const answer = await client.call(describeUserFlowStatistics, request, signal);
      // A reply that contains none of the users whose traffic was known is believed only if a second reply
      // agrees.
      if (answer.size > 0 || !userNames.some((name) => before?.has(name))) return answer;
      return client.call(describeUserFlowStatistics, request, signal);
    },
    parallel,
    onProgress: (share) => record.stages.traffic?.advance(share),
  });
  const read = new Map([...answers.values()].flatMap((answer) => [...answer]));
  const answered = new Set([...answers.keys()].flat());
  const users = new Map<string, UserTraffic>();
  for (const name of names) {
    const traffic = answered.has(name) ? read.get(name) : before?.get(name);
    if (traffic) users.set(name, traffic);
  }
  record.snapshot = { ...record.snapshot, traffic: { users } };
  return failure;
}
