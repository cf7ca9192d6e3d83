import { createHash, createHmac } from 'node:crypto';

/*
 * This file computes signatures. Authentication (authentication.ts) lets claim-rpc.ts and claim-acs3.ts compare
 * them with those of the requests.
 */

const NEEDS_NO_ESCAPE = /^[A-Za-z0-9\-_.~]*$/;

/**
 * Applies the percent-encoding of RFC 3986, which the signatures require: only `A-Za-z0-9-_.~` stay as they
 * are.
 */
function percentEncode(text: string): string {
  if (NEEDS_NO_ESCAPE.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Writes parameters as `a=1&b=2`: percent-encoded, sorted by name as text (`UserNames.10` before
 * `UserNames.2`).
 */
function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  const pairs = [...parameters];
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

/**
 * The text to sign in RPC signature version 1.0: the method and all parameters of query and form
 * except `Signature`.
 */
export function stringToSign(
  method: string,
  parameters: Iterable<readonly [string, string]>,
): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  return `${method}&%2F&${percentEncode(canonicalQuery(signed))}`;
}

/** Computes the signature of a string to sign: HMAC-SHA1 with the key's secret and `&`, in base64. */
export function signature(text: string, accessKeySecret: string): string {
  return createHmac('sha1', `${accessKeySecret}&`).update(text).digest('base64');
}

/** Computed once, because most requests have no body. */
const SHA256_OF_NOTHING = sha256('');

export interface Acs3Request {
  readonly method: string;
  readonly query: Iterable<readonly [string, string]>;
  /** The signed headers, sorted by name. Each has its name in lower case and its value. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** The canonical request of the ACS3 signature ("Request syntax and signature method V3" page). */
export function canonicalRequest({ method, query, headers, body }: Acs3Request): string {
  return [
    method,
    '/',
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    headers.map(([name]) => name).join(';'),
    body.length === 0 ? SHA256_OF_NOTHING : sha256(body),
  ].join('\n');
}

export const ACS3_ALGORITHM = 'ACS3-HMAC-SHA256';

export function acs3StringToSign(canonical: string): string {
  return `${ACS3_ALGORITHM}\n${sha256(canonical)}`;
}

export function acs3Signature(text: string, accessKeySecret: string): string {
  return createHmac('sha256', accessKeySecret).update(text).digest('hex');
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
