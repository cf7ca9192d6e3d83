import type { IncomingHttpHeaders } from 'node:http';
import { missingParameter } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** A request as it arrived, read but not believed. */
export interface SignedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As it stands in the URL, without its mark. */
  readonly query: string;
  readonly body: Uint8Array;
  /** Of query and form. */
  readonly parameters: Parameters;
}

/** What a request says of itself in its common parameters, wherever its protocol puts them. */
export interface Claim {
  readonly action: string | undefined;
  readonly version: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly securityToken: string | undefined;
  /** Another way to authenticate than a signature by a key, such as `BEARERTOKEN`. */
  readonly signatureType: string | undefined;
  /** `YYYY-MM-DDThh:mm:ssZ`, if it is right. */
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
  /** `JSON` or `XML` in any case, if it is right; undefined: the default. */
  readonly format: string | undefined;
  /** @throws ApiFault where the request is not of the protocol, apart from what is missing */
  check(): void;
  /** @throws ApiFault where the signature is not that of this secret over this request */
  verify(signature: string, accessKeySecret: string): void;
}

/** A common parameter, under its name in RPC; ACS3 has no codes of its own. @throws ApiFault where it is missing */
export function mandatory(value: string | undefined, name: string): string {
  if (value === undefined) throw missingParameter(name);
  return value;
}
