import { CredentialsChain } from './credentials-chain.ts';
import { type CredentialsHost, readCredentialsFile } from './credentials-file.ts';
import {
  type Credentials,
  CredentialsOutageError,
  type CredentialsSource,
  keyPairOf,
} from './key-pair.ts';

/** How credentials are configured for an account; the configuration file's `credentials` section. */
export type CredentialsOptions = RoleOptions &
  (
    | { readonly kind: 'chain' }
    | {
        readonly kind: 'static';
        readonly accessKeyId: string;
        readonly accessKeySecret?: string | undefined;
        readonly accessKeySecretFile?: string | undefined;
        readonly securityToken?: string | undefined;
      }
  );

/** The role that a key is used for, if any. */
interface RoleOptions {
  readonly roleArn?: string | undefined;
  /** `https://host` of the STS that gives its keys. @default as the environment says */
  readonly stsEndpoint?: string | undefined;
}

/** The source of an account's own key, which may have a role to assume. */
export function credentialsSource(
  options: CredentialsOptions,
  host: CredentialsHost,
): CredentialsSource {
  if (options.kind === 'chain') return new CredentialsChain(host);
  return new StaticCredentials(options, host);
}

class StaticCredentials implements CredentialsSource {
  readonly #options: Extract<CredentialsOptions, { kind: 'static' }>;
  readonly #host: CredentialsHost;
  /** The secret as its file was read last. */
  #secretRead: string | undefined;

  constructor(options: Extract<CredentialsOptions, { kind: 'static' }>, host: CredentialsHost) {
    this.#options = options;
    this.#host = host;
  }

  async get(): Promise<Credentials> {
    return keyPairOf({ ...this.#options, accessKeySecret: await this.#secret() });
  }

  refresh(): void {}

  /**
   * The file is read at each call: it is small, and a mounted secret changes under us. Where the
   * system cannot read it at the moment, the secret that was read last is used.
   */
  async #secret(): Promise<string | undefined> {
    const { accessKeySecret, accessKeySecretFile } = this.#options;
    if (accessKeySecretFile === undefined) return accessKeySecret;
    try {
      const shownAs = 'the file of access_key_secret_file';
      this.#secretRead = await readCredentialsFile(this.#host, accessKeySecretFile, shownAs);
    } catch (error) {
      const passes = error instanceof CredentialsOutageError;
      if (!passes || this.#secretRead === undefined) throw error;
    }
    return this.#secretRead;
  }
}
