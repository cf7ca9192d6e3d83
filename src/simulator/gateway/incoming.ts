import type { IncomingMessage } from 'node:http';
import { formOf, readBody } from './body.ts';
import type { ApiRequest, Claim } from './claim.ts';
import { acs3Claim, isAcs3 } from './claim-acs3.ts';
import { rpcClaim } from './claim-rpc.ts';
import { apiFault } from './errors.ts';
import { Parameters } from './parameters.ts';

/**
 * Reads a request that is one of the API: to `/`, by GET or POST. Parameters may stand in query and
 * form.
 *
 * @throws ApiFault where it is none; the stream's error when the client goes away
 */
export async function readRequest(request: IncomingMessage): Promise<ApiRequest> {
  const { url = '/', method = '', headers } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const body = await readBody(request);
  if (path !== '/') throw apiFault('InvalidApi.NotFound');
  if (method !== 'GET' && method !== 'POST') throw apiFault('UnsupportedHTTPMethod');
  return { method, headers, query, body, parameters: new Parameters(query, formOf(request, body)) };
}

/** Reads the common parameters: of ACS3 where the Authorization header says so, else of RPC. */
export function claimOf(request: ApiRequest): Claim {
  return isAcs3(request.headers) ? acs3Claim(request) : rpcClaim(request);
}
