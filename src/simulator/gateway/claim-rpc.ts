import type { Claim, SignedRequest } from './claim.ts';
import { apiFault, invalidParameter } from './errors.ts';
import { signature, stringToSign } from './signature.ts';

/** Twenty bytes in base64. */
const HMAC_SHA1 = /^[A-Za-z0-9+/]{27}=$/;

/**
 * RPC signature version 1.0 (common parameters page): all common parameters are in the query or the form.
 * `SignatureMethod` and `SignatureVersion` may be left out, because each has only one value.
 */
export function rpcClaim({ method, parameters }: SignedRequest): Claim {
  return {
    action: parameters.get('Action'),
    version: parameters.get('Version'),
    accessKeyId: parameters.get('AccessKeyId'),
    securityToken: parameters.get('SecurityToken'),
    signatureType: parameters.get('SignatureType'),
    timestamp: parameters.get('Timestamp'),
    nonce: parameters.get('SignatureNonce'),
    signature: parameters.get('Signature'),
    format: parameters.get('Format'),
    check() {
      const signatureMethod = parameters.get('SignatureMethod') ?? 'HMAC-SHA1';
      if (signatureMethod !== 'HMAC-SHA1') throw apiFault('InvalidSignatureMethod');
      const version = parameters.get('SignatureVersion') ?? '1.0';
      if (version !== '1.0') throw invalidParameter('SignatureVersion');
    },
    verify(signed, accessKeySecret) {
      const text = stringToSign(method, parameters.entries());
      // The real API ends the message with this text, parameters and security token included.
      const echo = ` server string to sign is:${text}`;
      if (!HMAC_SHA1.test(signed)) throw apiFault('IncompleteSignature', echo);
      if (signed !== signature(text, accessKeySecret)) {
        throw apiFault('SignatureDoesNotMatch', echo);
      }
    },
  };
}
