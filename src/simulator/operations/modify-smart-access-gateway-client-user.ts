import { detached } from '../gateway/detached.ts';
import { apiFault } from '../gateway/errors.ts';
import type { Operation } from './operation.ts';
import {
  INSTANCE_ERRORS,
  noAddress,
  requiredInstance,
  requiredUser,
  USER_ERRORS,
} from './required.ts';
import { readBandwidth, readMail } from './user-fields.ts';

/**
 * Changes bandwidth and mail address of a user. This operation calls the mail address `Email`. The
 * older page requires Bandwidth and the SDK does not. Here one of the two parameters is required.
 */
export const modifySmartAccessGatewayClientUser: Operation = {
  name: 'ModifySmartAccessGatewayClientUser',
  errors: {
    ...INSTANCE_ERRORS,
    ...USER_ERRORS,
    'ClientUser.BandwidthInvalid':
      'Bandwidth is not a whole number from 1 to 20000, or neither Bandwidth nor Email is sent.',
    'ClientUser.EmailInvalid': 'Email is not a mail address. The page does not list this error.',
  },
  answer(call) {
    const instance = requiredInstance(call);
    const { name } = requiredUser(call, instance);
    const bandwidth = readBandwidth(call);
    const mail = readMail(call, 'Email');
    if (bandwidth === undefined && mail === undefined) {
      throw apiFault('ClientUser.BandwidthInvalid');
    }
    const user = instance.changeUser(name, {
      ...(bandwidth !== undefined && { bandwidth }),
      ...(mail !== undefined && { mail: detached(mail) }),
    });
    return {
      UserName: name,
      RequestId: call.requestId,
      UserMail: user.mail,
      Bandwidth: user.bandwidth,
      ClientIp: user.staticIp ?? user.sessions[0]?.clientIp ?? noAddress(call.quirks),
    };
  },
};
