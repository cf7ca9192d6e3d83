import type { InstanceRecord } from '../../fleet/fleet.ts';
import type { UserTraffic } from '../../model/traffic.ts';
import type { Client } from '../../smartag/operation.ts';
import {
  describeUserFlowStatistics,
  USERS_PER_TRAFFIC_CALL,
} from '../../smartag/operations/describe-user-flow-statistics.ts';
import { askEach } from '../strategies/ask-each.ts';
import { chunksOf } from '../strategies/chunks.ts';

/**
 * One traffic pass: reads the month's traffic of each user, 50 a call, and swaps it in. It is a
 * reading of a meter that the cloud sets back each month, so a smaller value is no error.
 *
 * @throws ApiError when some users could not be asked about; they keep what was last read
 */
export async function trafficPass(
  record: InstanceRecord,
  options: { readonly client: Client; readonly parallel: number },
  signal: AbortSignal,
): Promise<void> {
  const { regionId, instanceId } = record.id;
  const names = (record.snapshot.users?.users ?? []).map((user) => user.name);
  const before = record.snapshot.traffic?.users;
  const { answers, failure } = await askEach({
    subjects: chunksOf(names, USERS_PER_TRAFFIC_CALL),
    ask: async (userNames) => {
      const request = { regionId, instanceId, userNames };
      const answer = await options.client.call(describeUserFlowStatistics, request, signal);
      // A reply without any of the users whose traffic was known is believed only if a second one agrees.
      if (answer.size > 0 || !userNames.some((name) => before?.has(name))) return answer;
      return options.client.call(describeUserFlowStatistics, request, signal);
    },
    parallel: options.parallel,
    onProgress: (share) => record.stages.traffic?.advance(share),
  });
  const read = new Map<string, UserTraffic>();
  for (const answer of answers.values()) {
    for (const [userName, traffic] of answer) read.set(userName, traffic);
  }
  const answered = new Set([...answers.keys()].flat());
  const traffic = new Map<string, UserTraffic>();
  for (const name of names) {
    const known = answered.has(name) ? read.get(name) : before?.get(name);
    if (known) traffic.set(name, known);
  }
  record.snapshot = { ...record.snapshot, traffic: { users: traffic } };
  if (failure) throw failure;
}
