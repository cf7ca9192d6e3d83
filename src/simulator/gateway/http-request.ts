import type { IncomingMessage } from 'node:http';
import rawBody from 'raw-body';
import type { Claim, SignedRequest } from './claim.ts';
import { acs3Claim, isAcs3 } from './claim-acs3.ts';
import { rpcClaim } from './claim-rpc.ts';
import { apiFault } from './errors.ts';
import { Parameters } from './parameters.ts';

/** Maximum size of a body. The largest call, 50 names of 33 characters, needs 3 kB. */
const LARGEST_BODY = 256 * 1024;

const EMPTY = Buffer.alloc(0);

/**
 * Reads a request of the API: a GET or POST to `/`, with parameters in the query, the form, or both.
 *
 * @returns undefined when the client closed its connection before the whole request had arrived
 * @throws ApiFault when the request is not a GET or POST to `/`
 */
export async function readRequest(request: IncomingMessage): Promise<SignedRequest | undefined> {
  const { url = '/', method = '', headers } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const body = await readBody(request);
  if (body === undefined) return undefined;
  if (path !== '/') throw apiFault('InvalidApi.NotFound');
  if (method !== 'GET' && method !== 'POST') throw apiFault('UnsupportedHTTPMethod');
  return { method, headers, query, body, parameters: new Parameters(query, formOf(request, body)) };
}

/** Reads the common parameters: from the headers of an ACS3 request, else from the parameters. */
export function claimOf(request: SignedRequest): Claim {
  return isAcs3(request.headers) ? acs3Claim(request) : rpcClaim(request);
}

/** Reads the body of a POST. Bodies of other methods are discarded. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method !== 'POST' || request.headers['content-length'] === '0') {
    // Unread bytes would hold up the next request of the connection.
    request.resume();
    return EMPTY;
  }
  try {
    return await rawBody(request, { limit: LARGEST_BODY });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'status' in error && error.status === 413;
    if (!isTooLarge) return undefined;
    // raw-body pauses the request, which would hold up the next request of the connection.
    request.resume();
    throw apiFault('RequestEntityTooLarge');
  }
}

/** The form as text; empty when the body is of another content type. */
function formOf({ headers }: IncomingMessage, body: Buffer): string {
  const type = headers['content-type'] ?? '';
  const isForm = type === '' || /^application\/x-www-form-urlencoded\b/i.test(type);
  return isForm ? body.toString() : '';
}
