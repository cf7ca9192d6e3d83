import { apiFault } from '../gateway/errors.ts';
import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance } from './required.ts';

/**
 * Ends all sessions of a user, who may connect again at once. The parameter is `Username`, with a
 * lower-case n. The page has no error for a user who does not exist, so the call then does nothing.
 */
export const kickOutClients: Operation = {
  name: 'KickOutClients',
  errors: {
    ...INSTANCE_ERRORS,
    'ClientUser.NameEmpty': 'Username is absent or empty.',
  },
  answer(call) {
    const instance = requiredInstance(call);
    const name = call.parameters.get('Username');
    if (name === undefined) throw apiFault('ClientUser.NameEmpty');
    if (instance.user(name) !== undefined) instance.kick(name);
    return { RequestId: call.requestId };
  },
};
