import { detached } from '../detached.ts';
import { apiFault } from '../errors.ts';
import type { Random } from '../random.ts';
import { parseIpv4 } from '../world-addresses.ts';
import type { Instance } from '../world-instance.ts';
import { isUserName } from '../world-names.ts';
import type { Call, Operation } from './operation.ts';
import { requiredInstance } from './required.ts';

/** Kbit/s (the page's default and range). */
const BANDWIDTH = { byDefault: 2000, least: 1, most: 20_000 } as const;
/** 8 to 32 characters of the page's set. */
const PASSWORD = /^[A-Za-z0-9][A-Za-z0-9_@-]{7,31}$/;
/** The page does not say what a mail address is; this refuses what certainly is none. */
const MAIL = /^[^\s@]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/**
 * Adds a user to an instance.
 *
 * The page lists twelve errors without saying in which order, nor what exactly causes some of them.
 * The order here is that of the steps below; the choices stand beside them. The errors about the
 * instance are those of the other operations, which the page leaves out.
 */
export const createSmartAccessGatewayClientUser: Operation = {
  name: 'CreateSmartAccessGatewayClientUser',
  errors: [
    'ClientUser.BandwidthInvalid',
    'ClientUser.EmailEmpty',
    'ClientUser.EmailInvalid',
    'ClientUser.InvalidClientIp',
    'ClientUser.IpEmpty',
    'ClientUser.IpInvalid',
    'ClientUser.NameEmpty',
    'ClientUser.NameInvalid',
    'ClientUser.UserExist',
    'ClientUser.UserOverLimit',
    'SAG.CidrEmpty',
    'ClientUser.PasswordInvalid',
  ],
  answer(call) {
    const instance = requiredInstance(call);
    if (instance.details.cidrBlock === '') throw apiFault('SAG.CidrEmpty');
    const mail = readMail(call);
    const name = readName(call) ?? nameMadeUp(instance, call.random);
    const bandwidth = readBandwidth(call);
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
      ClientIp: staticIp,
    };
  },
};

/** Required by the older page and the SDKs; the current page's column is lost. */
function readMail({ parameters }: Call): string {
  const mail = parameters.get('UserMail');
  if (mail === undefined) throw apiFault('ClientUser.EmailEmpty');
  if (!MAIL.test(mail)) throw apiFault('ClientUser.EmailInvalid');
  return mail;
}

/**
 * "If you specify the user name you must specify the password, and vice versa": a password alone
 * wants its name, a name alone has an invalid password. Neither: the system makes a name up.
 */
function readName({ parameters }: Call): string | undefined {
  const name = parameters.get('UserName');
  const password = parameters.get('Password');
  if (name === undefined && password !== undefined) throw apiFault('ClientUser.NameEmpty');
  if (name === undefined) return undefined;
  if (!isUserName(name)) throw apiFault('ClientUser.NameInvalid');
  if (password === undefined || !PASSWORD.test(password)) {
    throw apiFault('ClientUser.PasswordInvalid');
  }
  return name;
}

function nameMadeUp(instance: Instance, random: Random): string {
  let name: string;
  do name = `user${String(random.below(100_000_000)).padStart(8, '0')}`;
  while (instance.user(name) !== undefined);
  return name;
}

function readBandwidth({ parameters }: Call): number {
  const text = parameters.get('Bandwidth');
  if (text === undefined) return BANDWIDTH.byDefault;
  const bandwidth = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(bandwidth >= BANDWIDTH.least && bandwidth <= BANDWIDTH.most)) {
    throw apiFault('ClientUser.BandwidthInvalid');
  }
  return bandwidth;
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
