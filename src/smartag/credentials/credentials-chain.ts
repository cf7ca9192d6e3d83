import { codeOf } from '../../system-error.ts';
import { chainSources } from './chain-sources.ts';
import type { CredentialsHost } from './credentials-file.ts';
import {
  type Credentials,
  CredentialsOutageError,
  type CredentialsSource,
  keyPairOf,
  NoCredentialsError,
} from './key-pair.ts';
import type { Provider } from './profiles.ts';

/**
 * Alibaba Cloud's default chain; chain-sources.ts has its sources in their order. It uses the providers of
 * @alicloud/credentials, but not the chain of that package: after one failure, that chain asks only its last
 * provider, and it asks a credentials URI even when none is configured.
 */
export class CredentialsChain implements CredentialsSource {
  readonly #host: CredentialsHost;
  #found: Provider | undefined;
  /** Concurrent calls share one search, because a search may call servers. */
  #searching: Promise<Credentials> | undefined;

  constructor(host: CredentialsHost) {
    this.#host = host;
  }

  async get(): Promise<Credentials> {
    if (this.#found) {
      // This failure is dropped, because the search through all sources finds it again and reports it.
      const credentials = await this.#found
        .getCredentials()
        .then(keyPairOf)
        .catch(() => undefined);
      if (credentials) return credentials;
      this.#found = undefined;
    }
    this.#searching ??= this.#search().finally(() => {
      this.#searching = undefined;
    });
    return this.#searching;
  }

  refresh(): void {
    this.#found = undefined;
  }

  async #search(): Promise<Credentials> {
    const failures: string[] = [];
    for (const { name, open } of chainSources(this.#host)) {
      try {
        const provider = await open();
        const credentials = keyPairOf(await provider.getCredentials());
        this.#found = provider;
        return credentials;
      } catch (error) {
        const failure = `${name} (${reasonOf(error)})`;
        // The next source is not tried, because it may hold the key of another account.
        if (isOutOfResources(error)) {
          throw new CredentialsOutageError(`credentials cannot be read at the moment: ${failure}`);
        }
        failures.push(failure);
      }
    }
    throw new NoCredentialsError(
      `no credentials found; tried ${failures.join(', ')}; give them in the configuration ` +
        '(accounts[].credentials) or in one of these ways; `sag-app-exporter demo` runs without credentials',
    );
  }
}

/** An error code in a reply, such as `NoPermission` or `AuthenticationFail.OIDCToken.Expired` of STS. */
const ANSWERED_CODE = /"Code"\s*:\s*"([A-Za-z][A-Za-z.]{2,60})"/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** The HTTP status in messages such as "get role name failed: GET ... 404" and "httpStatus: 404". */
const HTTP_STATUS = /(?:httpStatus: |failed with |failed: GET \S+ )([1-5]\d\d)\b/;

/** The process or machine cannot open another file or connection. */
const OUT_OF_RESOURCES: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/**
 * Whether a source failed because the system lacked resources. That says nothing about the source, and ends
 * by itself.
 */
function isOutOfResources(error: unknown): boolean {
  return error instanceof CredentialsOutageError || OUT_OF_RESOURCES.has(codeOf(error));
}

/**
 * The reason why a source gives no credentials. From errors of @alicloud/credentials it takes only codes and
 * the kind of failure, because their messages quote files and replies.
 */
function reasonOf(error: unknown): string {
  if (error instanceof NoCredentialsError || error instanceof CredentialsOutageError) {
    return error.message;
  }
  if (!(error instanceof Error)) return 'failed';
  const code = codeOf(error);
  if (SYSTEM_CODE.test(code)) return code;
  const answered = ANSWERED_CODE.exec(error.message)?.[1];
  if (answered !== undefined) return answered;
  if (error.name.includes('Timeout')) return 'no answer in time';
  const status = HTTP_STATUS.exec(error.message)?.[1];
  if (status !== undefined) return `HTTP ${status}`;
  return 'an unusable answer';
}
