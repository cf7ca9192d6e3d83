import { apiFault } from '../gateway/errors.ts';
import { list } from '../gateway/write-reply.ts';
import type { Operation } from './operation.ts';
import { batch, checkName, INSTANCE_ERRORS, requiredInstance } from './required.ts';

/** The number of connected clients of up to 50 users. */
export const describeUserOnlineClientStatistics: Operation = {
  name: 'DescribeUserOnlineClientStatistics',
  errors: {
    ...INSTANCE_ERRORS,
    'ClientUser.NameEmpty': 'There is no UserNames.N, or one is empty.',
    'ClientUser.NameInvalid':
      'One of UserNames.N is not the name of a user, and no user can have that name.',
  },
  answer(call) {
    const { quirks, requestId } = call;
    const instance = requiredInstance(call);
    const names = batch(call, 'UserNames');
    if (names.length === 0) throw apiFault('ClientUser.NameEmpty');
    const requested = names.map((name) => ({ name, user: checkName(call, instance, name) }));

    const { statisticsOmit, statisticsForget, countsAsNumbers, statisticsKey } = quirks;
    const statistics = requested
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
