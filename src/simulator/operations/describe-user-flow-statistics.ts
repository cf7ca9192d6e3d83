import { list } from '../reply.ts';
import type { Operation } from './operation.ts';
import { batch, requiredInstance } from './required.ts';

/** A gigabyte of a data plan (DescribeSmartAccessGateways page, DataPlan). */
const GIGABYTE = 1e9;

/** Bytes per second of one Kbit/s. */
const BYTES_PER_KILOBIT = 125;

/** How much of the allocated bandwidth a user fills on average, in the world as it is. */
const FILLED = 0.01;

/**
 * The traffic of up to 50 users in the current month (UTC; the page names no time zone), and what is
 * left of their free plan. Users without UserNames are not answered for: one translation of the page
 * marks them optional, the others require them. Traffic grows evenly through the month.
 */
export const describeUserFlowStatistics: Operation = {
  name: 'DescribeUserFlowStatistics',
  errors: ['SAG.InstanceIdEmpty', 'SAG.InstanceNoFound'],
  answer(call) {
    const { quirks, requestId, now } = call;
    const instance = requiredInstance(call);
    const seconds = (now - startOfMonth(now)) / 1000;
    const plan = instance.details.dataPlan * GIGABYTE;
    const statistics = batch(call, 'UserNames').flatMap((name) => {
      const user = instance.user(name);
      if (!user) return [];
      const bytes = Math.floor(seconds * user.bandwidth * BYTES_PER_KILOBIT * FILLED);
      return [
        {
          UserName: name,
          TotalBytes: String(bytes),
          TotalLeaveBytes: String(Math.max(0, plan - bytes)),
        },
      ];
    });
    return {
      RequestId: requestId,
      ...list(quirks, 'SagStatistics', quirks.statisticsKey, statistics),
    };
  },
};

function startOfMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}
