import { explain } from '../../model/advice.ts';
import type { ApiError, ErrorKind } from '../../model/api-error.ts';

/**
 * What to do about each error of the operation's page (and those its page leaves out, which the other
 * operations on an instance have). Nothing was created when the API answers with one of them.
 */
export const CREATE_USER_CODES: Readonly<Record<string, string>> = {
  'ClientUser.BandwidthInvalid':
    'The API refuses the bandwidth: give another --bandwidth; older instances take at most 2000 Kbit/s.',
  'ClientUser.EmailEmpty': 'The API wants a mail address: give --user-mail.',
  'ClientUser.EmailInvalid': 'The API refuses the mail address: check its spelling in --user-mail.',
  'ClientUser.InvalidClientIp':
    'The API refuses the fixed address: give a --client-ip inside the private CIDR block of the instance that no other user has.',
  'ClientUser.IpEmpty': 'The instance wants a fixed address for each user: give --client-ip.',
  'ClientUser.IpInvalid':
    'The API refuses the fixed address: give a --client-ip inside the private CIDR block of the instance.',
  'ClientUser.NameEmpty':
    'The API wants a name: give --user-name, and its password with --password-stdin.',
  'ClientUser.NameInvalid': 'The API refuses the name: give another --user-name.',
  'ClientUser.PasswordInvalid':
    'The API refuses the password: give another one to --password-stdin.',
  'ClientUser.UserExist':
    'There is a user of this name already: give another --user-name, or leave the user as it is.',
  'ClientUser.UserOverLimit':
    'The instance has as many users as it may have: delete one that is not needed, or raise the limit (upgrade the instance), and try again.',
  'SAG.CidrEmpty':
    'The instance has no private CIDR block yet: configure one in the console, and try again.',
  'SAG.InstanceIdEmpty': 'The API wants the id of an instance: give it as the first argument.',
  'SAG.InstanceNoFound':
    'There is no such instance in that region: check the id, and the region in the configuration.',
};

/**
 * The same where no name was given: then the name is the mail address, as the console guide and the
 * older pages say (the current page says that a name is made up).
 */
const NAMELESS_CODES: Readonly<Record<string, string>> = {
  'ClientUser.NameInvalid':
    'Without --user-name the mail address becomes the name, and the API refuses it as one: give --user-name, and its password with --password-stdin.',
  'ClientUser.UserExist':
    'Without --user-name the mail address becomes the name, and there is a user of this name already: give --user-name, and its password with --password-stdin, or leave the user as it is.',
};

/** What to do where only the kind of the failure is known, and nothing was created. */
const KINDS: Partial<Record<ErrorKind, string>> = {
  throttled: 'The API was asked too much and refused the call: try again in a minute.',
  forbidden:
    'The credentials may not create users: permit smartag:CreateSmartAccessGatewayClientUser on acs:smartag:*:*:smartag/* to the account (RAM policy).',
  unsupported: 'The API cannot create users in this region: check the region in the configuration.',
};

/** The failed creation in sentences: what happened, whether there is a user now, and what to do. */
export function explainCreation(
  error: ApiError,
  { instanceId, hasName }: { readonly instanceId: string; readonly hasName: boolean },
): string {
  // Trying again could create a second user, where the API makes up a name for each.
  if (error.policy.creationUncertain)
    return `${error.message.replace(/\.$/, '')}. ${uncertain(instanceId)}`;
  const codes = hasName ? CREATE_USER_CODES : { ...CREATE_USER_CODES, ...NAMELESS_CODES };
  const known = error.code !== undefined && Object.hasOwn(codes, error.code);
  const advice = known ? codes[error.code ?? ''] : KINDS[error.kind];
  const sentences =
    advice === undefined ? explain(error) : `${error.message.replace(/\.$/, '')}. ${advice}`;
  return `no user was created: ${sentences}`;
}

/** What to do when it is not known whether there is a user now. */
export function uncertain(instanceId: string): string {
  return `It is not known whether the user was created, and nothing is sent again by itself: look with \`sag-app-exporter users ${instanceId}\` before you try again.`;
}
