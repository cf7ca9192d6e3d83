import type { IncomingHttpHeaders } from 'node:http';
import { missingParameter } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** A request whose signature has not been checked yet. */
export interface SignedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The part of the URL after `?`, still encoded. */
  readonly query: string;
  readonly body: Uint8Array;
  /** The parameters of query and form. */
  readonly parameters: Parameters;
}

/** The common parameters of a request, before any check, in the same form for both protocols. */
export interface Claim {
  readonly action: string | undefined;
  readonly version: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly securityToken: string | undefined;
  /** Another way to authenticate than a signature by a key, such as `BEARERTOKEN`. */
  readonly signatureType: string | undefined;
  /** `YYYY-MM-DDThh:mm:ssZ` when it is valid. */
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
  /** `JSON` or `XML`, in upper or lower case, when it is valid. Undefined means the default. */
  readonly format: string | undefined;
  /**
   * Checks the parts that only this protocol has.
   *
   * @throws ApiFault when a part is wrong
   */
  check(): void;
  /** @throws ApiFault when the signature does not match this secret */
  verify(signature: string, accessKeySecret: string): void;
}

/**
 * @param name the parameter's name in RPC. It is used for ACS3 too, which has no codes of its own.
 * @throws ApiFault when the parameter is missing
 */
export function mandatory(value: string | undefined, name: string): string {
  if (value === undefined) throw missingParameter(name);
  return value;
}
