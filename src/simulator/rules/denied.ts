import { type ApiFault, apiFault } from '../gateway/errors.ts';
import type { Reply } from '../gateway/reply.ts';
import type { Subject } from '../gateway/subject.ts';
import type { Operation } from '../operations/operation.ts';
import type { Denial } from './permissions.ts';
import type { Quirks } from './quirks/table.ts';

/** The account that every key belongs to. */
const ACCOUNT_ID = '1234567890123456';

/** The error that answers a call denied by RAM. */
export function denied(
  operation: Operation,
  denial: Denial,
  subject: Subject,
  quirks: Quirks,
): ApiFault {
  const code = operation.denied?.(denial) ?? quirks.denial;
  const fields = quirks.accessDeniedDetail
    ? { AccessDeniedDetail: accessDeniedDetail(operation, subject) }
    : {};
  return apiFault(code, '', { fields });
}

/**
 * The value has the shape that the SDK core reads (getAccessDeniedDetail), and contents like those of other
 * products.
 */
function accessDeniedDetail({ product = 'Smartag', name }: Operation, subject: Subject): Reply {
  const { roleArn, accessKeyId } = subject;
  return {
    AuthAction: `${product.toLowerCase()}:${name}`,
    AuthPrincipalDisplayName: roleArn ?? accessKeyId,
    AuthPrincipalOwnerId: ACCOUNT_ID,
    AuthPrincipalType: roleArn === undefined ? 'SubUser' : 'AssumedRoleUser',
    NoPermissionType: 'ImplicitDeny',
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  };
}
