/** A key pair, with a token when it is a temporary one. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** A key pair as some source gives it: parts may be absent, empty or surrounded by blanks. */
export interface GivenCredentials {
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly securityToken?: string | undefined;
}

/** Where an account's credentials come from. */
export interface CredentialsSource {
  /**
   * The credentials valid now; asked before each call, so that a rotation needs no restart.
   *
   * @throws NoCredentialsError when there are none
   * @throws CredentialsOutageError when they cannot be read at the moment
   */
  get(): Promise<Credentials>;
  /** Forgets what was found, so that the next `get` looks afresh. */
  refresh(): void;
}

/**
 * There are no usable credentials until a person gives, corrects or renews them. The message says what
 * was looked for, and never what was found.
 */
export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

/**
 * Credentials cannot be read at this moment, for a reason that passes by itself: too many open files, a
 * disk that fails, an outage of STS. The credentials may be good, so the account is not paused.
 */
export class CredentialsOutageError extends Error {
  override readonly name = 'CredentialsOutageError';
}

/** Keys, secrets and tokens consist of printable ASCII characters without blanks. */
const WORD = /^[\x21-\x7e]+$/;

/**
 * The key pair without the blanks and line ends around its parts, which editors, shells and mounted
 * secrets add. With an empty part the SDK core would send calls unsigned.
 *
 * @throws NoCredentialsError naming the part that cannot be used
 */
export function keyPairOf(given: GivenCredentials): Credentials {
  const accessKeyId = partOf('access key id', given.accessKeyId);
  const accessKeySecret = partOf('access key secret', given.accessKeySecret);
  if (accessKeyId === '') throw new NoCredentialsError('the access key id is empty');
  if (accessKeySecret === '') throw new NoCredentialsError('the access key secret is empty');
  const securityToken = partOf('security token', given.securityToken);
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

function partOf(name: string, given: string | undefined): string {
  const part = given?.trim() ?? '';
  if (part === '' || WORD.test(part)) return part;
  throw new NoCredentialsError(`the ${name} has a blank or a character that no key has`);
}
