import { type Clock, MINUTE } from '../clock.ts';
import { apiFault, invalidParameter, missingParameter } from './errors.ts';
import type { Key, Keys } from './keys.ts';
import { Nonces } from './nonces.ts';
import type { Parameters } from './parameters.ts';
import { signature, stringToSign } from './signature.ts';

/** Common parameters without which nothing is looked at, in the order they are missed. */
const MANDATORY = [
  'Action',
  'Version',
  'AccessKeyId',
  'Timestamp',
  'SignatureNonce',
  'Signature',
] as const;

/** `YYYY-MM-DDThh:mm:ssZ`, UTC (common parameters page, Timestamp). */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** Twenty bytes in base64. */
const HMAC_SHA1 = /^[A-Za-z0-9+/]{27}=$/;

/** How far a timestamp may lie from the server's time, either way, unless configured. */
export const DEFAULT_TIMESTAMP_WINDOW_MS = 15 * MINUTE;

/** Who the gateway found behind a request. */
export type Authenticate = (method: string, parameters: Parameters) => Key;

/**
 * Checks the common parameters and the RPC signature version 1.0.
 *
 * The documents do not say in which order; here: what is missing, then method and version of the
 * signature, the key, its security token, the timestamp, the signature, the nonce. So only a
 * request that is otherwise right uses up its nonce. `SignatureMethod` and `SignatureVersion` may
 * be left out, as each has only one value.
 */
export function createAuthentication(options: {
  readonly keys: Keys;
  readonly clock: Clock;
  readonly timestampWindowMs: number;
}): Authenticate {
  const { keys, clock, timestampWindowMs } = options;
  const nonces = new Nonces();

  const readTimestamp = (text: string, now: number): number => {
    const at = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) throw apiFault('InvalidTimeStamp.Format');
    if (Math.abs(at - now) > timestampWindowMs) throw apiFault('InvalidTimeStamp.Expired');
    return at;
  };

  return (method, parameters) => {
    for (const name of MANDATORY) mandatory(parameters, name);
    const accessKeyId = mandatory(parameters, 'AccessKeyId');

    const signatureMethod = parameters.get('SignatureMethod') ?? 'HMAC-SHA1';
    if (signatureMethod !== 'HMAC-SHA1') throw apiFault('InvalidSignatureMethod');
    const version = parameters.get('SignatureVersion') ?? '1.0';
    if (version !== '1.0') throw invalidParameter('SignatureVersion');

    const key = keys.find(accessKeyId);
    if (key === undefined) throw apiFault('InvalidAccessKeyId.NotFound');
    if (keys.isRevoked(accessKeyId)) throw apiFault('InvalidAccessKeyId.Inactive');
    const now = clock.now();
    checkSecurityToken(key, parameters.get('SecurityToken'), now);
    const at = readTimestamp(mandatory(parameters, 'Timestamp'), now);

    const text = stringToSign(method, parameters.entries());
    const signed = mandatory(parameters, 'Signature');
    if (!HMAC_SHA1.test(signed)) throw apiFault('IncompleteSignature', echo(text));
    if (signed !== signature(text, key.accessKeySecret)) {
      throw apiFault('SignatureDoesNotMatch', echo(text));
    }
    const nonce = mandatory(parameters, 'SignatureNonce');
    if (!nonces.use(accessKeyId, nonce, now, at + timestampWindowMs)) {
      throw apiFault('SignatureNonceUsed');
    }
    return key;
  };
}

function mandatory(parameters: Parameters, name: (typeof MANDATORY)[number]): string {
  const value = parameters.get(name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

/** The real API ends the text so, parameters and security token included. */
function echo(text: string): string {
  return ` server string to sign is:${text}`;
}

function checkSecurityToken(key: Key, token: string | undefined, now: number): void {
  if (key.securityToken === undefined) {
    if (token !== undefined) throw apiFault('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (token === undefined) throw apiFault('MissingSecurityToken');
  if (token !== key.securityToken) throw apiFault('InvalidSecurityToken.Malformed');
  if (key.expiration !== undefined && key.expiration <= now) {
    throw apiFault('InvalidSecurityToken.Expired');
  }
}
