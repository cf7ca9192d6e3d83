import type { UserState } from '../world/spec.ts';
import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance, requiredUser, USER_ERRORS } from './required.ts';

/** Enables a user. Nothing changes for an enabled user. */
export const enableSmartAccessGatewayUser = switchTo('EnableSmartAccessGatewayUser', 0);

/** Disables a user, which ends its sessions. Nothing changes for a disabled user. */
export const disableSmartAccessGatewayUser = switchTo('DisableSmartAccessGatewayUser', 1);

/** Both pages list only the two denials. The other errors are taken from the pages of similar operations. */
function switchTo(name: string, state: UserState): Operation {
  return {
    name,
    errors: {
      'Forbbiden.SubUser': 'RAM denies the operation on this instance.',
      Forbidden: 'RAM denies the operation.',
      ...INSTANCE_ERRORS,
      ...USER_ERRORS,
    },
    denied: ({ instanceId }) => (instanceId === undefined ? undefined : 'Forbbiden.SubUser'),
    answer(call) {
      const instance = requiredInstance(call);
      instance.setUserState(requiredUser(call, instance).name, state);
      return { RequestId: call.requestId };
    },
  };
}
