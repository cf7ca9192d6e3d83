import { apiFault } from '../gateway/errors.ts';
import { list } from '../gateway/reply.ts';
import type { Operation } from './operation.ts';
import { batch, checkName, INSTANCE_ERRORS, requiredInstance } from './required.ts';

/** How many clients each of up to 50 users has connected. */
export const describeUserOnlineClientStatistics: Operation = {
  name: 'DescribeUserOnlineClientStatistics',
  errors: {
    ...INSTANCE_ERRORS,
    'ClientUser.NameEmpty': 'No UserNames.N, or an empty one.',
    'ClientUser.NameInvalid': 'A name is neither that of a user nor one that a user could have.',
  },
  answer(call) {
    const { quirks, requestId } = call;
    const instance = requiredInstance(call);
    const names = batch(call, 'UserNames');
    if (names.length === 0) throw apiFault('ClientUser.NameEmpty');
    const asked = names.map((name) => ({ name, user: checkName(call, instance, name) }));

    const { statisticsOmit, statisticsForget, countsAsNumbers, statisticsKey } = quirks;
    const statistics = asked
      .filter(({ user }) => statisticsOmit === 'nobody' || user !== undefined)
      .filter(({ name }) => !statisticsForget.includes(name))
      .map(({ name, user }) => ({ name, count: user?.sessions.length ?? 0 }))
      .filter(({ count }) => statisticsOmit !== 'offline' || count > 0)
      .map(({ name, count }) => ({
        UserName: name,
        OnlineCount: countsAsNumbers ? count : String(count),
      }));
    return {
      RequestId: requestId,
      ...list(quirks, 'UserStatistics', statisticsKey, statistics),
    };
  },
};
