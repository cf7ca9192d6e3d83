/** A key pair, and a token if the key pair is temporary. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** A key pair as a source gives it. Parts may be absent, empty or surrounded by blanks. */
export interface RawCredentials {
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly securityToken?: string | undefined;
}

export interface CredentialsSource {
  /**
   * Returns the credentials that are valid now. Called before each call of the API, so that a rotation needs
   * no restart.
   *
   * @throws NoCredentialsError when there are none
   * @throws CredentialsOutageError when they cannot be read at the moment
   */
  get(): Promise<Credentials>;
  /** Forgets the credentials, so that the next `get` looks for them again. */
  refresh(): void;
}

/**
 * There are no usable credentials until a person adds, corrects or renews them. The message names the places
 * that were searched and never quotes their content.
 */
export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

/**
 * Credentials cannot be read at the moment, for a reason that ends by itself: too many open files, a failing
 * disk, an outage of STS. The credentials may be good, so the account is not paused.
 */
export class CredentialsOutageError extends Error {
  override readonly name = 'CredentialsOutageError';
}

/** Keys, secrets and tokens consist of printable ASCII characters without blanks. */
const WORD = /^[\x21-\x7e]+$/;

/**
 * Removes the blanks and line ends around the parts of a key pair, which editors, shells and mounted secrets
 * add. Refuses an empty part, with which the SDK core would send calls unsigned.
 *
 * @throws NoCredentialsError naming the part that cannot be used
 */
export function keyPairOf(raw: RawCredentials): Credentials {
  const accessKeyId = partOf('access key id', raw.accessKeyId);
  const accessKeySecret = partOf('access key secret', raw.accessKeySecret);
  if (accessKeyId === '') throw new NoCredentialsError('the access key id is empty');
  if (accessKeySecret === '') throw new NoCredentialsError('the access key secret is empty');
  const securityToken = partOf('security token', raw.securityToken);
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

function partOf(name: string, raw: string | undefined): string {
  const part = raw?.trim() ?? '';
  if (part === '' || WORD.test(part)) return part;
  throw new NoCredentialsError(`the ${name} has a blank or a character that no key has`);
}
