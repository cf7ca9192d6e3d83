import type { IncomingHttpHeaders } from 'node:http';
import type { LearnedByClient } from '../model/learned.ts';
import { assumedRole } from './credentials/assumed-role.ts';
import { type CredentialsOptions, credentialsSource } from './credentials/credentials.ts';
import type { CredentialsHost } from './credentials/credentials-file.ts';
import type { CredentialsSource } from './credentials/key-pair.ts';
import type { Client } from './operation.ts';
import { type PaceSettings, paced, type RequestedPause } from './pacing/paced.ts';
import { retrying } from './pacing/retrying.ts';
import { type CallRecord, observed } from './transport/observed.ts';
import { popCoreClient } from './transport/pop-core.ts';
import { ReplyReader } from './transport/reply-reader.ts';

export interface ClientOptions extends CredentialsHost, PaceSettings {
  readonly credentials: CredentialsOptions;
  /** URL of the proxy for every call. @default the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name */
  readonly proxy?: string | undefined;
  /** Replaces every region's own endpoint. */
  readonly endpoint?: string | undefined;
  /** Maximum milliseconds that one call may take. */
  readonly timeout: number;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly observer: ClientObserver;
  /** What an earlier process has learned. @default nothing */
  readonly learned?: LearnedByClient | undefined;
}

export interface ClientObserver {
  onCall(record: CallRecord): void;
  /** A call was sent; it had waited `seconds` for its budget and its turn. */
  onWait(operation: string, seconds: number): void;
  /** The allowed rate of an operation was set or has changed. */
  onBudget(operation: string, requestsPerSecond: number): void;
  /** The headers of a response arrived, also when the response is an error. */
  onResponse?(operation: string, headers: IncomingHttpHeaders): void;
  /** The API asked for a long pause before the next call of an operation. */
  onPause?(pause: RequestedPause): void;
}

export interface AccountClient extends Client {
  /** What was learned so far, for the next process. */
  readonly learned: LearnedByClient;
  /** Signs all later calls with these credentials. The limits that were learned of the API are kept. */
  useCredentials(credentials: CredentialsOptions): void;
  close(): void;
}

/** Makes the client of one account. Reads are retried; each try keeps to the budget and is observed. */
export function createClient(options: ClientOptions): AccountClient {
  const { clock, endpoint, observer } = options;
  const learned = options.learned?.endpoint === endpoint ? options.learned : undefined;
  const replies = new ReplyReader(learned?.partsLeftOut);
  let source = sourceOf(options.credentials, options);
  const credentials: CredentialsSource = {
    get: () => source.get(),
    refresh: () => source.refresh(),
  };
  const sdk = popCoreClient({
    ...options,
    credentials,
    replies,
    sockets: options.concurrency,
    onResponse: (operation, headers) => observer.onResponse?.(operation, headers),
  });
  const observedSdk = observed(sdk, { clock, onCall: (record) => observer.onCall(record) });
  const budgeted = paced(observedSdk, {
    ...options,
    learned: learned?.rates,
    onWait: (operation, seconds) => observer.onWait(operation, seconds),
    onBudget: (operation, rate) => observer.onBudget(operation, rate),
    onPause: (pause) => observer.onPause?.(pause),
  });
  const retried = retrying(budgeted, {
    ...options,
    refreshCredentials: () => credentials.refresh(),
  });
  return {
    get learned() {
      const { rates } = budgeted;
      const { partsLeftOut } = replies;
      return { ...(endpoint !== undefined && { endpoint }), rates, partsLeftOut };
    },
    call: (operation, request, signal) => retried.call(operation, request, signal),
    useCredentials(next) {
      source.close();
      source = sourceOf(next, options);
    },
    close() {
      budgeted.close();
      sdk.close();
      source.close();
    },
  };
}

function sourceOf(
  credentials: CredentialsOptions,
  options: ClientOptions,
): CredentialsSource & { close(): void } {
  const own = credentialsSource(credentials, options);
  const { roleArn, stsEndpoint } = credentials;
  if (roleArn !== undefined) return assumedRole(own, { ...options, roleArn, stsEndpoint });
  return { get: () => own.get(), refresh: () => own.refresh(), close() {} };
}
