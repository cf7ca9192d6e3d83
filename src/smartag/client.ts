import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Shard } from '../model/shard.ts';
import { assumedRole } from './credentials/assumed-role.ts';
import { type CredentialsOptions, credentialsSource } from './credentials/credentials.ts';
import type { CredentialsHost } from './credentials/credentials-file.ts';
import type { CredentialsSource } from './credentials/key-pair.ts';
import type { Client } from './operation.ts';
import { paced, type RequestedPause } from './pacing/paced.ts';
import { retrying } from './pacing/retrying.ts';
import { type CallRecord, observed } from './transport/observed.ts';
import { popCoreClient } from './transport/pop-core.ts';

/** What a client of one account needs. */
export interface ClientOptions extends CredentialsHost {
  readonly credentials: CredentialsOptions;
  /** URL of the proxy for every call. @default what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say */
  readonly proxy?: string | undefined;
  /** Replaces every region's own endpoint. */
  readonly endpoint?: string | undefined;
  /** Milliseconds one call may take. */
  readonly timeout: number;
  /** Calls in flight at once. */
  readonly concurrency: number;
  /** Calls per second of each operation, at most; of all shards together. */
  readonly requestsPerSecond: number;
  /** Whose share of that is used. @default all of it */
  readonly shard?: Shard | undefined;
  /** Whether the rate follows what the API lets through. */
  readonly adaptive: boolean;
  readonly clock: Clock;
  /** A number from 0 up to 1, as Math.random gives. */
  readonly random: () => number;
  readonly observer: ClientObserver;
}

/** Who is told what a client does. */
export interface ClientObserver {
  onCall(record: CallRecord): void;
  /** A call was sent after waiting so many seconds for its budget and its turn. */
  onWait(operation: string, seconds: number): void;
  /** The rate an operation is allowed, when it begins and whenever it changes. */
  onBudget(operation: string, requestsPerSecond: number): void;
  /** The headers of an answer have come, also of one that turns out to be an error. */
  onResponse?(operation: string, headers: IncomingHttpHeaders): void;
  /** The API asked for a long pause before the next call of an operation. */
  onPause?(pause: RequestedPause): void;
}

/** A client of one account. */
export interface AccountClient extends Client {
  /** Calls from now on are signed with these; what was learnt of the API's limits stays. */
  useCredentials(credentials: CredentialsOptions): void;
  close(): void;
}

/** The API for one account: reads are retried, inside the budget, each call observed. */
export function createClient(options: ClientOptions): AccountClient {
  const { clock, observer } = options;
  let source = sourceOf(options.credentials, options);
  const credentials: CredentialsSource = {
    get: () => source.get(),
    refresh: () => source.refresh(),
  };
  const sdk = popCoreClient({
    ...options,
    credentials,
    sockets: options.concurrency,
    onResponse: (operation, headers) => observer.onResponse?.(operation, headers),
  });
  const counted = observed(sdk, { clock, onCall: (record) => observer.onCall(record) });
  const budgeted = paced(counted, {
    ...options,
    onWait: (operation, seconds) => observer.onWait(operation, seconds),
    onBudget: (operation, rate) => observer.onBudget(operation, rate),
    onPause: (pause) => observer.onPause?.(pause),
  });
  const patient = retrying(budgeted, {
    ...options,
    refreshCredentials: () => credentials.refresh(),
  });
  return {
    call: (operation, request, signal) => patient.call(operation, request, signal),
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
