import { detached } from '../gateway/detached.ts';
import { apiFault } from '../gateway/errors.ts';
import { parseIpv4 } from '../world/addresses.ts';
import type { Instance } from '../world/instance.ts';
import { isUserName } from '../world/names.ts';
import type { Random } from '../world/random.ts';
import type { Call, Operation } from './operation.ts';
import { INSTANCE_ERRORS, noAddress, requiredInstance } from './required.ts';
import { DEFAULT_BANDWIDTH, readBandwidth, readMail } from './user-fields.ts';

/** 8 to 32 characters of the set that the page allows. */
const PASSWORD = /^[A-Za-z0-9][A-Za-z0-9_@-]{7,31}$/;
/**
 * Adds a user to an instance.
 *
 * The page lists twelve errors. It does not say in which order they are checked, or what exactly causes some
 * of them. So the order here is that of the steps below, and a comment at each step explains the choice. The
 * page leaves out the errors about the instance that other operations have.
 */
export const createSmartAccessGatewayClientUser: Operation = {
  name: 'CreateSmartAccessGatewayClientUser',
  errors: {
    ...INSTANCE_ERRORS,
    'SAG.CidrEmpty': 'The instance has no private network yet.',
    'ClientUser.EmailEmpty': 'UserMail is absent or empty.',
    'ClientUser.EmailInvalid': 'UserMail is not a mail address.',
    'ClientUser.NameEmpty': 'Password is sent without UserName.',
    'ClientUser.NameInvalid':
      'UserName is not 7 to 33 letters, digits, `_`, `@`, `.`, `-`, the first a letter or digit.',
    'ClientUser.PasswordInvalid':
      'UserName is sent without Password, or Password is not 8 to 32 letters, digits, `_`, `@`, `-`, the first a letter or digit.',
    'ClientUser.BandwidthInvalid': 'Bandwidth is not a whole number from 1 to 20000.',
    'ClientUser.IpEmpty': 'ClientIp is sent but empty.',
    'ClientUser.IpInvalid': 'ClientIp is not an IPv4 address.',
    'ClientUser.InvalidClientIp':
      'ClientIp is outside the private networks of the instance, or is taken.',
    'ClientUser.UserExist': 'The instance has a user of that name.',
    'ClientUser.UserOverLimit': 'The instance has as many users as its limit allows.',
  },
  answer(call) {
    const instance = requiredInstance(call);
    if (instance.details.cidrBlock === '') throw apiFault('SAG.CidrEmpty');
    const mail = requiredMail(call);
    const name = readName(call) ?? defaultName(call, instance, mail);
    const bandwidth = readBandwidth(call) ?? DEFAULT_BANDWIDTH;
    const staticIp = readClientIp(call, instance);
    if (instance.user(name) !== undefined) throw apiFault('ClientUser.UserExist');
    if (instance.userCount >= instance.details.usersLimit) {
      throw apiFault('ClientUser.UserOverLimit');
    }
    instance.addUser({
      name: detached(name),
      mail: detached(mail),
      bandwidth,
      ...(staticIp !== undefined && { staticIp: detached(staticIp) }),
    });
    return {
      UserName: name,
      RequestId: call.requestId,
      UserMail: mail,
      Bandwidth: bandwidth,
      // A user without a fixed address gets an address at each connection, and has none before the first.
      ClientIp: staticIp ?? noAddress(call.quirks),
    };
  },
};

/** The older page and the SDKs require the mail address. The current page has no column for required parameters. */
function requiredMail(call: Call): string {
  const mail = readMail(call, 'UserMail');
  if (mail === undefined) throw apiFault('ClientUser.EmailEmpty');
  return mail;
}

/**
 * "If you specify the user name you must specify the password, and vice versa." Here a password
 * without a name is NameEmpty, and a name without a password is PasswordInvalid.
 *
 * @returns undefined when neither was sent
 */
function readName({ parameters, quirks }: Call): string | undefined {
  const name = parameters.get('UserName');
  const password = parameters.get('Password');
  if (name === undefined && password !== undefined) throw apiFault('ClientUser.NameEmpty');
  if (name === undefined) return undefined;
  if (!isUserName(name, quirks.shortestName)) throw apiFault('ClientUser.NameInvalid');
  if (password === undefined || !PASSWORD.test(password)) {
    throw apiFault('ClientUser.PasswordInvalid');
  }
  return name;
}

function defaultName({ quirks, random }: Call, instance: Instance, mail: string): string {
  return quirks.namelessUsers === 'mail' ? mail : nameMadeUp(instance, random);
}

function nameMadeUp(instance: Instance, random: Random): string {
  let name: string;
  do name = `user${String(random.below(100_000_000)).padStart(8, '0')}`;
  while (instance.user(name) !== undefined);
  return name;
}

/**
 * Three codes concern this parameter, and two of them have the same text. Here an empty value is
 * IpEmpty, a value that is not an IPv4 address is IpInvalid, and an address outside the networks of
 * the instance or of another user is InvalidClientIp.
 *
 * @returns undefined when the parameter was not sent: the user gets no fixed address
 */
function readClientIp({ parameters }: Call, instance: Instance): string | undefined {
  if (!parameters.has('ClientIp')) return undefined;
  const text = parameters.get('ClientIp');
  if (text === undefined) throw apiFault('ClientUser.IpEmpty');
  if (parseIpv4(text) === undefined) throw apiFault('ClientUser.IpInvalid');
  if (!instance.isFreeAddress(text)) throw apiFault('ClientUser.InvalidClientIp');
  return text;
}
