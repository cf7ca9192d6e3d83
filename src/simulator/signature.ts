import { createHmac } from 'node:crypto';

const NEEDS_NO_ESCAPE = /^[A-Za-z0-9\-_.~]*$/;

/** Percent-encoding of RFC 3986, as the signature wants it: only `A-Za-z0-9-_.~` stay. */
function percentEncode(text: string): string {
  if (NEEDS_NO_ESCAPE.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * What is signed in RPC signature version 1.0: the method and all parameters of query and body but
 * `Signature`, sorted by name (so `UserNames.10` stands before `UserNames.2`).
 */
export function stringToSign(
  method: string,
  parameters: Iterable<readonly [string, string]>,
): string {
  const pairs = [...parameters].filter(([name]) => name !== 'Signature');
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const canonical = pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return `${method}&%2F&${percentEncode(canonical.join('&'))}`;
}

/** The signature of a string to sign: HMAC-SHA1 under the key's secret and `&`, in base64. */
export function signature(text: string, accessKeySecret: string): string {
  return createHmac('sha1', `${accessKeySecret}&`).update(text).digest('base64');
}
