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

interface RoleOptions {
  readonly roleArn?: string | undefined;
  /** `https://host` of the STS that gives the role's keys. @default chosen by the environment */
  readonly stsEndpoint?: string | undefined;
}

/** The source of an account's own key, with which a role may be assumed. */
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
  /** The secret that was read from the file last. */
  #lastSecret: string | undefined;

  constructor(options: Extract<CredentialsOptions, { kind: 'static' }>, host: CredentialsHost) {
    this.#options = options;
    this.#host = host;
  }

  async get(): Promise<Credentials> {
    return keyPairOf({ ...this.#options, accessKeySecret: await this.#secret() });
  }

  refresh(): void {}

  /**
   * The file is read at each call, because it is small and a mounted secret may change. While the system
   * cannot read it, the last secret is used.
   */
  async #secret(): Promise<string | undefined> {
    const { accessKeySecret, accessKeySecretFile } = this.#options;
    if (accessKeySecretFile === undefined) return accessKeySecret;
    try {
      const shownAs = 'the file of access_key_secret_file';
      this.#lastSecret = await readCredentialsFile(this.#host, accessKeySecretFile, shownAs);
    } catch (error) {
      const isOutage = error instanceof CredentialsOutageError;
      if (!isOutage || this.#lastSecret === undefined) throw error;
    }
    return this.#lastSecret;
  }
}
