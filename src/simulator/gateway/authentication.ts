import { type Clock, MINUTE } from '../../clock.ts';
import type { Key, Keys } from '../rules/keys.ts';
import { type Claim, mandatory } from './claim.ts';
import { apiFault } from './errors.ts';
import { Nonces } from './nonces.ts';

/** `YYYY-MM-DDThh:mm:ssZ`, UTC (common parameters page, Timestamp). */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** The characters of key ids. Blanks, quotes and `$` come from mistakes in scripts. */
const KEY_ID = /^[\w.-]+$/;

/** By default, a timestamp may lie this far from the server's time, in either direction. */
export const DEFAULT_TIMESTAMP_WINDOW_MS = 15 * MINUTE;

/** Finds the key that signed a request. @throws ApiFault when the request is not authentic */
export type Authenticate = (claim: Claim) => Key;

/**
 * Checks the common parameters and the signature, in either protocol.
 *
 * The documents do not give the order of the checks. Here the order is: the type of the signature, missing
 * parameters, method and version of the signature, the key, its security token, the timestamp, the signature,
 * the nonce. The nonce is last, so that only an otherwise correct request uses up its nonce.
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

  return (claim) => {
    // A bearer token does not name a key.
    if (claim.signatureType !== undefined) throw apiFault('UnsupportedSignatureType');
    const accessKeyId = mandatory(claim.accessKeyId, 'AccessKeyId');
    const timestamp = mandatory(claim.timestamp, 'Timestamp');
    const nonce = mandatory(claim.nonce, 'SignatureNonce');
    const signature = mandatory(claim.signature, 'Signature');
    claim.check();

    const key = keys.find(accessKeyId);
    if (key === undefined) {
      const isWellFormed = KEY_ID.test(accessKeyId);
      throw apiFault(isWellFormed ? 'InvalidAccessKeyId.NotFound' : 'InvalidAccessKeyId');
    }
    if (keys.isRevoked(accessKeyId)) throw apiFault('InvalidAccessKeyId.Inactive');
    const now = clock.now();
    checkSecurityToken(key, claim.securityToken, now);
    const at = readTimestamp(timestamp, now);

    claim.verify(signature, key.accessKeySecret);
    if (!nonces.use(accessKeyId, nonce, now, at + timestampWindowMs)) {
      throw apiFault('SignatureNonceUsed');
    }
    return key;
  };
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
