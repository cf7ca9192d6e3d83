import { setMaxListeners } from 'node:events';
import { afterEach } from 'vitest';
import { ApiError } from '../../src/model/api-error.ts';
import type { Credentials, CredentialsSource } from '../../src/smartag/credentials/key-pair.ts';
import type { Client } from '../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../src/smartag/operations/describe-user-online-clients.ts';
import { type PopCoreOptions, popCoreClient } from '../../src/smartag/transport/pop-core.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { type RawAnswer, type RawServer, startRawServer } from './transport/raw-server.ts';

/** A signal that never aborts. Many calls share it, and Node.js would warn about so many listeners. */
export const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);

/** The request of a short read. */
export const READ = {
  regionId: 'cn-shanghai',
  instanceId: 'sag-small',
  userName: 'some-user',
} as const;

/** A reply to READ. */
export const NOBODY_ONLINE = '{"RequestId":"R-1","Users":{"User":[]}}';

/** Makes the call READ. */
export function read(client: Client, signal = NEVER) {
  return client.call(describeUserOnlineClients, READ, signal);
}

/** The ApiError that a call fails with. Any other outcome fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error('not an ApiError', { cause: error });
}

/** Turns the event loop until the condition holds, or until the test times out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

/** A source that always has the same credentials. */
export function fixed(credentials: Credentials): CredentialsSource {
  return { get: async () => credentials, refresh() {} };
}

/** Starts a raw server and a client of it; both end after the test. */
export async function startExchange(
  answer: RawAnswer,
  options: Partial<PopCoreOptions> = {},
): Promise<{
  readonly server: RawServer;
  readonly client: Client & { close(): void };
  readonly clock: ManualClock;
}> {
  const server = await startRawServer(answer);
  const clock = new ManualClock();
  const client = popCoreClient({
    credentials: fixed({ accessKeyId: 'testid', accessKeySecret: 'testsecret' }),
    endpoint: server.url,
    timeout: 5000,
    sockets: 4,
    env: {},
    clock,
    ...options,
  });
  ends.push(async () => {
    client.close();
    await server.stop();
  });
  return { server, client, clock };
}

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
