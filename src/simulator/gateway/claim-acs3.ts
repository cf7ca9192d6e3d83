import type { IncomingHttpHeaders } from 'node:http';
import type { Claim, SignedRequest } from './claim.ts';
import { ApiFault, apiFault, ERRORS } from './errors.ts';
import { ACS3_ALGORITHM, acs3Signature, acs3StringToSign, canonicalRequest } from './signature.ts';

const HMAC_SHA256 = /^[0-9a-f]{64}$/;

/**
 * Whether a request uses ACS3. The x-acs headers alone do not show that, because pop-core sends some of
 * them too. A request with a bearer token has no Authorization header.
 */
export function isAcs3({ authorization, ...headers }: IncomingHttpHeaders): boolean {
  return authorization?.startsWith('ACS3-') === true || Boolean(headers['x-acs-bearer-token']);
}

/**
 * ACS3 ("Request syntax and signature method V3" page): the common parameters are headers, the
 * operation's own parameters are in the query or the form.
 */
export function acs3Claim({ method, headers, query, body, parameters }: SignedRequest): Claim {
  const { algorithm, fields } = readAuthorization(headers.authorization ?? '');
  const header = (name: string): string | undefined => headerOf(headers, name) || undefined;
  const signedHeaders = fields.get('SignedHeaders')?.split(';') ?? [];
  return {
    action: header('x-acs-action'),
    version: header('x-acs-version'),
    accessKeyId: fields.get('Credential') || undefined,
    securityToken: header('x-acs-security-token'),
    signatureType: header('x-acs-signature-type') ?? parameters.get('SignatureType'),
    timestamp: header('x-acs-date'),
    nonce: header('x-acs-signature-nonce'),
    signature: fields.get('Signature') || undefined,
    format: parameters.get('Format') ?? formatWanted(headers.accept),
    check() {
      if (algorithm !== ACS3_ALGORITHM) throw apiFault('InvalidSignatureMethod');
      // "All common request headers that are present must be signed."
      const signed = new Set(signedHeaders);
      const common = Object.keys(headers).filter((name) => name.startsWith('x-acs-'));
      const isWhole =
        signed.has('x-acs-content-sha256') &&
        signedHeaders.every((name) => headerOf(headers, name) !== undefined) &&
        ['host', ...common].every((name) => signed.has(name));
      if (!isWhole) throw apiFault('IncompleteSignature');
    },
    verify(signature, accessKeySecret) {
      const canonical = canonicalRequest({
        method,
        query: new URLSearchParams(query),
        headers: [...signedHeaders].sort().map((name) => [name, headerOf(headers, name) ?? '']),
        // The hash is computed from the body itself, so that a body that differs from the announced one makes
        // the signature wrong.
        body,
      });
      const text = acs3StringToSign(canonical);
      // Public error reports show this text for ACS3. The text in ERRORS is that for RPC.
      const echo = `server StringToSign is [${text}]`;
      if (!HMAC_SHA256.test(signature)) throw apiFault('IncompleteSignature', ` ${echo}`);
      if (signature !== acs3Signature(text, accessKeySecret)) {
        const [httpStatus] = ERRORS.SignatureDoesNotMatch;
        const message = `Specified signature does not match our calculation. ${echo}`;
        throw new ApiFault('SignatureDoesNotMatch', httpStatus, message);
      }
    },
  };
}

/** `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`. */
function readAuthorization(text: string): {
  readonly algorithm: string;
  readonly fields: ReadonlyMap<string, string>;
} {
  const [algorithm = '', ...rest] = text.split(' ');
  const fields = rest
    .join('')
    .split(',')
    .map((field): [string, string] => {
      const mark = field.indexOf('=');
      return mark < 0 ? [field, ''] : [field.slice(0, mark), field.slice(mark + 1)];
    });
  return { algorithm, fields: new Map(fields) };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.join(',') : value;
}

/** The page shows `accept: application/json`. A client that accepts only XML gets XML. */
function formatWanted(accept: string | undefined): string | undefined {
  if (accept === undefined || !/^(?:application|text)\/xml\b/i.test(accept)) return undefined;
  return 'XML';
}
