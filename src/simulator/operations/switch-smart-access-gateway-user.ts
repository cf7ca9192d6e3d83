import type { UserState } from '../world/spec.ts';
import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance, requiredUser, USER_ERRORS } from './required.ts';

/** Lets a user connect again; one who may already stays so. */
export const enableSmartAccessGatewayUser = switchTo('EnableSmartAccessGatewayUser', 0);

/** Ends a user's sessions and refuses further ones; one who is disabled already stays so. */
export const disableSmartAccessGatewayUser = switchTo('DisableSmartAccessGatewayUser', 1);

/** Both pages list only the two denials; the other errors are those of their neighbours. */
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
