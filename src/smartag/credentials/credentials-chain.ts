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
import { isOutOfResources, reasonOf } from './provider-errors.ts';

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
