import { explain } from '../../model/advice.ts';
import type { ApiError, ErrorKind } from '../../model/api-error.ts';

/**
 * Advice for each error code on the operation's page, and for codes on the pages of other operations on an
 * instance. None of these errors leaves a user behind.
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
    'A user of this name exists already: give another --user-name, or keep that user.',
  'ClientUser.UserOverLimit':
    'The instance has reached its limit of users: delete an unneeded user, or raise the limit (upgrade the instance), and try again.',
  'SAG.CidrEmpty':
    'The instance has no private CIDR block yet: configure one in the console, and try again.',
  'SAG.InstanceIdEmpty': 'The API wants the id of an instance: give it as the first argument.',
  'SAG.InstanceNoFound':
    'There is no such instance in that region: check the id, and the region in the configuration.',
};

/**
 * Advice without --user-name. The name is then the mail address, as the console guide and the older pages
 * say. (The current page says that the API makes up a name.)
 */
const NAMELESS_CODES: Readonly<Record<string, string>> = {
  'ClientUser.NameInvalid':
    'Without --user-name the mail address becomes the name, and the API refuses it as one: give --user-name, and its password with --password-stdin.',
  'ClientUser.UserExist':
    'Without --user-name the mail address becomes the name, and a user of this name exists already: give --user-name, and its password with --password-stdin, or keep that user.',
};

/** Advice for other codes of these kinds. None of these errors leaves a user behind. */
const KINDS: Partial<Record<ErrorKind, string>> = {
  throttled: 'The API refused the call because of too many calls: try again in a minute.',
  forbidden:
    'The credentials may not create users: permit smartag:CreateSmartAccessGatewayClientUser on acs:smartag:*:*:smartag/* to the account (RAM policy).',
  unsupported: 'The API cannot create users in this region: check the region in the configuration.',
};

/** Sentences about a failed creation: what happened, whether the user was created, and what to do. */
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

export function uncertain(instanceId: string): string {
  return `It is unknown whether the user was created. The call is not repeated: check with \`sag-app-exporter users ${instanceId}\` before you try again.`;
}
