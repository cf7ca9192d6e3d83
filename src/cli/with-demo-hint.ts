import { ApiError } from '../model/api-error.ts';
import type { Client, Operation, Request } from '../smartag/operation.ts';

const HINT = '`sag-app-exporter demo` runs without credentials';

/**
 * The client, with what this program offers to whom has no credentials added to the error that says
 * so: only here is it known that there is a demo.
 */
export function withDemoHint(client: Client): Client {
  return {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
      signal: AbortSignal,
    ): Promise<Reply> {
      try {
        return await client.call(operation, request, signal);
      } catch (error) {
        if (!(error instanceof ApiError) || !isWithoutCredentials(error)) throw error;
        const detail = error.message.slice(`${error.operation}: `.length);
        const { kind, operation: name } = error;
        throw new ApiError({ kind, operation: name, detail: `${detail}; ${HINT}` });
      }
    },
  };
}

/** Credentials the API refuses come with its code. */
function isWithoutCredentials({ kind, code }: ApiError): boolean {
  return kind === 'unauthenticated' && code === undefined;
}
