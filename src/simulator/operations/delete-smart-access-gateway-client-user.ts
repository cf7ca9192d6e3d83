import { SECOND } from '../../clock.ts';
import { apiFault } from '../gateway/errors.ts';
import { monthOf } from './months.ts';
import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance, requiredUser, USER_ERRORS } from './required.ts';

/** Deletes a user who was not online this month (the page: "already in use this month"). */
export const deleteSmartAccessGatewayClientUser: Operation = {
  name: 'DeleteSmartAccessGatewayClientUser',
  errors: {
    ...INSTANCE_ERRORS,
    ...USER_ERRORS,
    'ClientUser.UserInUsing': 'The user is online, or was online this month.',
  },
  answer(call) {
    const instance = requiredInstance(call);
    const {
      name,
      sessions,
      lastOnlineTime = Number.NEGATIVE_INFINITY,
    } = requiredUser(call, instance);
    const { start } = monthOf(call.now, call.quirks);
    if (sessions.length > 0 || lastOnlineTime * SECOND >= start) {
      throw apiFault('ClientUser.UserInUsing');
    }
    instance.removeUser(name);
    return { RequestId: call.requestId };
  },
};
