import { readFile } from 'node:fs/promises';

/** A key pair, with a token when it is a temporary one. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** Where an account's credentials come from. */
export interface CredentialsSource {
  /**
   * The credentials valid now; asked before each call, so that a rotation needs no restart.
   *
   * @throws NoCredentialsError when there are none
   */
  get(): Promise<Credentials>;
  /** Forgets what was found, so that the next `get` looks afresh. */
  refresh(): void;
}

/** Nothing to sign with. Its message says what was looked for, and never what was found. */
export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

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
  env: Readonly<Record<string, string | undefined>>,
): CredentialsSource {
  return options.kind === 'chain' ? new CredentialsChain(env) : new StaticCredentials(options);
}

class StaticCredentials implements CredentialsSource {
  readonly #options: Extract<CredentialsOptions, { kind: 'static' }>;

  constructor(options: Extract<CredentialsOptions, { kind: 'static' }>) {
    this.#options = options;
  }

  async get(): Promise<Credentials> {
    const { accessKeyId, securityToken } = this.#options;
    const accessKeySecret = await this.#secret();
    // The SDK core would send the request unsigned, without a word.
    if (!accessKeyId || !accessKeySecret) {
      throw new NoCredentialsError('the configured access key or its secret is empty');
    }
    return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
  }

  refresh(): void {}

  /** The file is read at each call: it is small, and a mounted secret changes under us. */
  async #secret(): Promise<string | undefined> {
    const { accessKeySecret, accessKeySecretFile } = this.#options;
    if (accessKeySecretFile === undefined) return accessKeySecret;
    try {
      return (await readFile(accessKeySecretFile, 'utf8')).trim();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      throw new NoCredentialsError(`access_key_secret_file cannot be read (${code})`);
    }
  }
}

/** A provider of @alicloud/credentials. */
interface Provider {
  getCredentials(): Promise<{
    readonly accessKeyId?: string;
    readonly accessKeySecret?: string;
    readonly securityToken?: string;
  }>;
}

/**
 * Alibaba Cloud's default chain from the providers of @alicloud/credentials. Their own chain is not
 * used: after a first failure it asks only its last provider for ever, and it asks a credentials URI
 * that nobody configured.
 */
class CredentialsChain implements CredentialsSource {
  readonly #env: Readonly<Record<string, string | undefined>>;
  #found: Provider | undefined;
  /** Calls that begin together look together: a walk may ask servers. */
  #looking: Promise<Credentials> | undefined;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  async get(): Promise<Credentials> {
    if (this.#found) {
      // Whatever its error was, a look at all of them tells it again.
      const credentials = await this.#found.getCredentials().then(usable, () => undefined);
      if (credentials) return credentials;
      this.#found = undefined;
    }
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  refresh(): void {
    this.#found = undefined;
  }

  async #look(): Promise<Credentials> {
    const failures: string[] = [];
    for (const { name, provider } of await this.#providers()) {
      try {
        const credentials = usable(await provider.getCredentials());
        if (!credentials) continue;
        this.#found = provider;
        return credentials;
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== undefined) failures.push(`${name} (${reason})`);
      }
    }
    throw new NoCredentialsError(
      'no credentials found: neither in the configuration (accounts[].credentials), nor in the environment ' +
        '(ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or an OIDC role), nor in ' +
        'a CLI profile, a credentials file, or from the role of an ECS instance; ' +
        (failures.length > 0 ? `what failed: ${failures.join(', ')}; ` : '') +
        '`sag-app-exporter demo` runs without credentials',
    );
  }

  /** Builders of providers that do not apply here throw. */
  async #providers(): Promise<readonly { readonly name: string; readonly provider: Provider }[]> {
    const sdk = await import('@alicloud/credentials');
    const env = this.#env;
    const uri = env['ALIBABA_CLOUD_CREDENTIALS_URI'];
    const builders: Readonly<Record<string, () => Provider>> = {
      environment: () => sdk.EnvironmentVariableCredentialsProvider.builder().build(),
      'OIDC role': () => sdk.OIDCRoleArnCredentialsProvider.builder().build(),
      'CLI profile': () => sdk.CLIProfileCredentialsProvider.builder().build(),
      'credentials file': () => sdk.ProfileCredentialsProvider.builder().build(),
      'role of the ECS instance': () =>
        sdk.ECSRAMRoleCredentialsProvider.builder()
          .withRoleName(env['ALIBABA_CLOUD_ECS_METADATA'] ?? '')
          .build(),
      ...(uri && {
        'credentials URI': () =>
          sdk.URICredentialsProvider.builder().withCredentialsURI(uri).build(),
      }),
    };
    return Object.entries(builders).flatMap(([name, build]) => {
      try {
        return [{ name, provider: build() }];
      } catch {
        return [];
      }
    });
  }
}

/** What a provider gave, unless it is empty, which the SDK core would take for nothing to sign. */
function usable(given: Awaited<ReturnType<Provider['getCredentials']>>): Credentials | undefined {
  const { accessKeyId, accessKeySecret, securityToken } = given;
  if (!accessKeyId || !accessKeySecret) return undefined;
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
}

/** As those of STS (`NoPermission`, `AuthenticationFail.OIDCToken.Expired`). */
const ANSWERED_CODE = /"Code"\s*:\s*"([A-Za-z][A-Za-z.]{2,60})"/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;

/**
 * Why a provider failed, as a code of the system or of STS; undefined without one. More is not told:
 * the errors of @alicloud/credentials quote files and replies. A file that is not there is no failure.
 */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (SYSTEM_CODE.test(code)) return code === 'ENOENT' ? undefined : code;
  return ANSWERED_CODE.exec(error.message)?.[1];
}
