import { codeOf } from '../../system-error.ts';
import { CredentialsOutageError, NoCredentialsError } from './key-pair.ts';

/** An error code in a reply, such as `NoPermission` or `AuthenticationFail.OIDCToken.Expired` of STS. */
const ANSWERED_CODE = /"Code"\s*:\s*"([A-Za-z][A-Za-z.]{2,60})"/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** The HTTP status in messages such as "get role name failed: GET ... 404" and "httpStatus: 404". */
const HTTP_STATUS = /(?:httpStatus: |failed with |failed: GET \S+ )([1-5]\d\d)\b/;

/** The process or machine cannot open another file or connection. */
const OUT_OF_RESOURCES: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/**
 * Whether a source failed because the system lacked resources. That says nothing about the source, and ends
 * by itself.
 */
export function isOutOfResources(error: unknown): boolean {
  return error instanceof CredentialsOutageError || OUT_OF_RESOURCES.has(codeOf(error));
}

/**
 * The reason why a source gives no credentials. From errors of @alicloud/credentials it takes only codes and
 * the kind of failure, because their messages quote files and replies.
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
  return 'an unusable answer';
}
