import { detached } from '../gateway/detached.ts';
import { apiFault } from '../gateway/errors.ts';
import { parseIpv4 } from '../world/addresses.ts';
import type { Instance } from '../world/instance.ts';
import { isUserName } from '../world/names.ts';
import type { Random } from '../world/random.ts';
import type { Call, Operation } from './operation.ts';
import { INSTANCE_ERRORS, noAddress, requiredInstance } from './required.ts';
import { DEFAULT_BANDWIDTH, readBandwidth, readMail } from './user-fields.ts';

/** 8 to 32 characters of the page's set. */
const PASSWORD = /^[A-Za-z0-9][A-Za-z0-9_@-]{7,31}$/;
/**
 * Adds a user to an instance.
 *
 * The page lists twelve errors without saying in which order, nor what exactly causes some of them.
 * The order here is that of the steps below; the choices stand beside them. The errors about the
 * instance are those of the other operations, which the page leaves out.
 */
export const createSmartAccessGatewayClientUser: Operation = {
  name: 'CreateSmartAccessGatewayClientUser',
  errors: {
    ...INSTANCE_ERRORS,
    'SAG.CidrEmpty': 'The instance has no private network yet.',
    'ClientUser.EmailEmpty': 'UserMail is absent or empty.',
    'ClientUser.EmailInvalid': 'UserMail is no mail address.',
    'ClientUser.NameEmpty': 'Password without UserName.',
    'ClientUser.NameInvalid':
      'UserName is not 7 to 33 letters, digits, `_`, `@`, `.`, `-`, the first a letter or digit.',
    'ClientUser.PasswordInvalid':
      'UserName without Password, or Password is not 8 to 32 letters, digits, `_`, `@`, `-`, the first a letter or digit.',
    'ClientUser.BandwidthInvalid': 'Bandwidth is no whole number from 1 to 20000.',
    'ClientUser.IpEmpty': 'ClientIp is sent but empty.',
    'ClientUser.IpInvalid': 'ClientIp is no IPv4 address.',
    'ClientUser.InvalidClientIp':
      'ClientIp lies outside the private networks of the instance, or is taken.',
    'ClientUser.UserExist': 'The instance has a user of that name.',
    'ClientUser.UserOverLimit': 'The instance has as many users as its limit allows.',
  },
  answer(call) {
    const instance = requiredInstance(call);
    if (instance.details.cidrBlock === '') throw apiFault('SAG.CidrEmpty');
    const mail = requiredMail(call);
    const name = readName(call) ?? nameOfNameless(call, instance, mail);
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
      // Without a fixed address one is assigned at each connection, so there is none to tell yet.
      ClientIp: staticIp ?? noAddress(call.quirks),
    };
  },
};

/** Required by the older page and the SDKs; the current page's column is lost. */
function requiredMail(call: Call): string {
  const mail = readMail(call, 'UserMail');
  if (mail === undefined) throw apiFault('ClientUser.EmailEmpty');
  return mail;
}

/**
 * "If you specify the user name you must specify the password, and vice versa": a password alone
 * wants its name, a name alone has an invalid password. Undefined: neither was sent.
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

/** The name of a user who was given none. */
function nameOfNameless({ quirks, random }: Call, instance: Instance, mail: string): string {
  return quirks.namelessUsers === 'mail' ? mail : nameMadeUp(instance, random);
}

function nameMadeUp(instance: Instance, random: Random): string {
  let name: string;
  do name = `user${String(random.below(100_000_000)).padStart(8, '0')}`;
  while (instance.user(name) !== undefined);
  return name;
}

/**
 * Three codes share one parameter, two of them one text. Here: sent but empty is IpEmpty, no IPv4
 * address is IpInvalid, and one that this instance cannot give (outside its networks, or another
 * user's) is InvalidClientIp. Not sent at all: no fixed address.
 */
function readClientIp({ parameters }: Call, instance: Instance): string | undefined {
  if (!parameters.has('ClientIp')) return undefined;
  const text = parameters.get('ClientIp');
  if (text === undefined) throw apiFault('ClientUser.IpEmpty');
  if (parseIpv4(text) === undefined) throw apiFault('ClientUser.IpInvalid');
  if (!instance.isFreeAddress(text)) throw apiFault('ClientUser.InvalidClientIp');
  return text;
}
