import { apiFault } from '../gateway/errors.ts';
import { list } from '../gateway/write-reply.ts';
import type { Operation } from './operation.ts';
import { checkName, INSTANCE_ERRORS, NAME_ERRORS, requiredInstance } from './required.ts';

export const describeUserOnlineClients: Operation = {
  name: 'DescribeUserOnlineClients',
  errors: { ...INSTANCE_ERRORS, ...NAME_ERRORS },
  answer(call) {
    const { parameters, quirks, requestId } = call;
    const instance = requiredInstance(call);
    const name = parameters.get('UserName') ?? '';
    const user = checkName(call, instance, name);
    // The page does not say how the API answers for a valid name that no user has.
    if (user === undefined && quirks.unknownUser === 'name-invalid') {
      throw apiFault('ClientUser.NameInvalid');
    }
    const clients = (user?.sessions ?? []).map(({ clientIp, onlineTime }) => ({
      ClientIp: clientIp,
      // The page's sample has epoch seconds as a string.
      OnlineTime: String(quirks.onlineTime === 'seconds' ? onlineTime : onlineTime * 1000),
    }));
    return { RequestId: requestId, ...list(quirks, 'Users', 'User', clients) };
  },
};
