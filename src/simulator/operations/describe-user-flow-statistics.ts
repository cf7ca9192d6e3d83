import { SECOND } from '../../clock.ts';
import { invalidParameter } from '../gateway/errors.ts';
import { list } from '../gateway/write-reply.ts';
import { type Month, monthNamed, monthOf } from './months.ts';
import type { Call, Operation } from './operation.ts';
import { batch, INSTANCE_ERRORS, requiredInstance } from './required.ts';

/** A gigabyte of a data plan (DescribeSmartAccessGateways page, DataPlan). */
const GIGABYTE = 1e9;

/** Bytes per second in one Kbit/s. */
const BYTES_PER_KILOBIT = 125;

/** The share of its bandwidth that each user of the simulator uses on average. */
const USED_SHARE = 0.01;

/**
 * The traffic of up to 50 users in a month, by default the current month, and how much of their free plan is
 * left. Without UserNames the reply is empty: one translation of the page says that they are optional, the
 * others that they are required. Traffic grows evenly through the month.
 */
export const describeUserFlowStatistics: Operation = {
  name: 'DescribeUserFlowStatistics',
  errors: INSTANCE_ERRORS,
  answer(call) {
    const { quirks, requestId, now } = call;
    const instance = requiredInstance(call);
    const { start, end } = readMonth(call);
    const seconds = Math.max(0, Math.min(now, end) - start) / SECOND;
    const plan = instance.details.dataPlan * GIGABYTE;
    const written = (bytes: number): number | string =>
      quirks.bytesAsNumbers ? bytes : String(bytes);
    const statistics = batch(call, 'UserNames').flatMap((name) => {
      const user = instance.user(name);
      if (!user) return [];
      const bytes = Math.floor(seconds * user.bandwidth * BYTES_PER_KILOBIT * USED_SHARE);
      return [
        {
          UserName: name,
          TotalBytes: written(bytes),
          TotalLeaveBytes: written(Math.max(0, plan - bytes)),
        },
      ];
    });
    return {
      RequestId: requestId,
      ...list(quirks, 'SagStatistics', quirks.statisticsKey, statistics),
    };
  },
};

/**
 * Reads StatisticsDate, `yyyyMM`. No page names an error for a wrong value.
 *
 * @throws ApiFault InvalidStatisticsDate
 */
function readMonth({ parameters, now, quirks }: Call): Month {
  const text = parameters.get('StatisticsDate');
  if (text === undefined) return monthOf(now, quirks);
  const month = monthNamed(text, quirks);
  if (month === undefined) throw invalidParameter('StatisticsDate');
  return month;
}
