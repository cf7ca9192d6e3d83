import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance, requiredUser, USER_ERRORS } from './required.ts';

/** Mails the user a new password, which leaves no trace in anything the API tells. */
export const resetSmartAccessGatewayClientUserPassword: Operation = {
  name: 'ResetSmartAccessGatewayClientUserPassword',
  errors: { ...INSTANCE_ERRORS, ...USER_ERRORS },
  answer(call) {
    requiredUser(call, requiredInstance(call));
    return { RequestId: call.requestId };
  },
};
