import type { IncomingHttpHeaders } from 'node:http';

/** Values of Sec-Fetch-Site of requests that no page of another site has caused. */
const OWN_SITES = ['same-origin', 'none'];

/** The sentence that answers a request that a page of another site has caused. */
export const CROSS_SITE_REFUSED =
  'Refused: a page of another site sent this request (by its Origin or Sec-Fetch-Site header)';

/**
 * Whether a browser says that a page of another site caused the request.
 *
 * A browser sends such a request without asking first, with the password that it remembers for this
 * server, so whatever changes something must refuse it. Programs that are no browser send neither header.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.includes(String(site))) return true;
  if (origin === undefined) return false;
  // `null` is the origin of sandboxed pages and local files.
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(origin, host);
}

/** The host of this server as an URL of the same scheme as the origin has it, without a default port. */
function hostOf(origin: string, host: string | undefined): string | undefined {
  const url = `${new URL(origin).protocol}//${host}`;
  return host !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
