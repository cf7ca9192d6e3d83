import type { Operation } from './operation.ts';
import { INSTANCE_ERRORS, requiredInstance, requiredUser, USER_ERRORS } from './required.ts';

/** The real API mails the user a new password. Nothing that the API answers later shows it. */
export const resetSmartAccessGatewayClientUserPassword: Operation = {
  name: 'ResetSmartAccessGatewayClientUserPassword',
  errors: { ...INSTANCE_ERRORS, ...USER_ERRORS },
  answer(call) {
    requiredUser(call, requiredInstance(call));
    return { RequestId: call.requestId };
  },
};
