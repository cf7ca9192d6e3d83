import { type Clock, SECOND } from '../../clock.ts';
import { ApiError } from '../../model/api-error.ts';
import type { Client } from '../operation.ts';

/** One call; each retry is a call of its own. */
export interface CallRecord {
  readonly operation: string;
  readonly error?: ApiError;
  /** Seconds from sending the call until its reply was parsed. */
  readonly seconds: number;
}

/** Decorates a client: reports each call to `onCall`, unless the exporter itself aborted it. */
export function observed(
  client: Client,
  options: { readonly clock: Clock; readonly onCall: (record: CallRecord) => void },
): Client {
  const { clock, onCall } = options;
  return {
    async call(operation, request, signal) {
      const since = clock.monotonic();
      const seconds = (): number => (clock.monotonic() - since) / SECOND;
      try {
        const reply = await client.call(operation, request, signal);
        onCall({ operation: operation.name, seconds: seconds() });
        return reply;
      } catch (error) {
        // A region whose host name does not resolve received no call, so this shows nothing about the
        // account.
        const isNoCall = error instanceof ApiError && error.isUnresolved && request.isTrial;
        if (error instanceof ApiError && !isNoCall) {
          onCall({ operation: operation.name, error, seconds: seconds() });
        }
        throw error;
      }
    },
  };
}
