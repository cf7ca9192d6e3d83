import type { IncomingHttpHeaders } from 'node:http';

/** Values of Sec-Fetch-Site for requests that this server's own pages send, or that the user makes directly. */
const OWN_SITES = ['same-origin', 'none'];

export const CROSS_SITE_REFUSED =
  'Refused: a page of another site sent this request (by its Origin or Sec-Fetch-Site header)';

/**
 * Whether a browser says that a page of another site caused the request.
 *
 * A browser sends such a request together with the password that it remembers for this server. So an
 * endpoint that changes something must refuse it. Programs other than browsers send neither header.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_SITES.includes(String(site))) return true;
  if (origin === undefined) return false;
  // `null` is the origin of sandboxed pages and local files.
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(origin, host);
}

/** The Host header in the form of `URL.host`, without the default port of the origin's scheme. */
function hostOf(origin: string, host: string | undefined): string | undefined {
  const url = `${new URL(origin).protocol}//${host}`;
  return host !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
