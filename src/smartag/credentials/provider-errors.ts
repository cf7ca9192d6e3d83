import { codeOf } from '../../system-error.ts';
import { CredentialsOutageError, NoCredentialsError } from './key-pair.ts';

/** As those of STS (`NoPermission`, `AuthenticationFail.OIDCToken.Expired`). */
const ANSWERED_CODE = /"Code"\s*:\s*"([A-Za-z][A-Za-z.]{2,60})"/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** As it stands at the end of "get role name failed: GET ..." and in "httpStatus: 404". */
const HTTP_STATUS = /(?:httpStatus: |failed with |failed: GET \S+ )([1-5]\d\d)\b/;

/** This process or machine has no room left for another file or connection. */
const OUT_OF_RESOURCES: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** Whether a source failed for want of resources, which says nothing about the source and passes by itself. */
export function isOutOfResources(error: unknown): boolean {
  return error instanceof CredentialsOutageError || OUT_OF_RESOURCES.has(codeOf(error));
}

/**
 * Why a source gives no credentials. Of the errors of @alicloud/credentials only codes and the kind of
 * failure are taken: their messages quote files and replies.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof NoCredentialsError || error instanceof CredentialsOutageError) {
    return error.message;
  }
  if (!(error instanceof Error)) return 'failed';
  const code = codeOf(error);
  if (SYSTEM_CODE.test(code)) return code;
  const answered = ANSWERED_CODE.exec(error.message)?.[1];
  if (answered !== undefined) return answered;
  if (error.name.includes('Timeout')) return 'no answer in time';
  const status = HTTP_STATUS.exec(error.message)?.[1];
  if (status !== undefined) return `HTTP ${status}`;
  return 'an answer that cannot be used';
}
