import { type ApiFault, apiFault } from '../gateway/errors.ts';
import type { Reply } from '../gateway/reply.ts';
import { type Match, matches, type Subject } from '../gateway/subject.ts';
import type { Operation } from '../operations/operation.ts';
import type { Quirks } from './quirks/table.ts';

/** The calls to deny. A property that is left out matches every call. */
export type Denial = Omit<Match, 'userName'>;

const BOUNDS = ['operation', 'instanceId', 'accessKeyId', 'roleArn'] as const;

/** The denials in force, which may change while the simulator runs. All other calls are permitted. */
export class Permissions {
  #denials: readonly Denial[] = [];

  deny(denial: Denial): void {
    this.#denials = [...this.#denials, denial];
  }

  /** Removes every denial that has all properties of `within`; by default removes every denial. */
  allow(within: Denial = {}): void {
    this.#denials = this.#denials.filter(
      (denial) =>
        !BOUNDS.every((field) => within[field] === undefined || within[field] === denial[field]),
    );
  }

  get denials(): readonly Denial[] {
    return this.#denials;
  }

  isDenied(subject: Subject): boolean {
    return this.denialOf(subject) !== undefined;
  }

  /** The first denial that matches the call; undefined when the call is permitted. */
  denialOf(subject: Subject): Denial | undefined {
    return this.#denials.find((denial) => matches(denial, subject));
  }
}

/** The account that every key belongs to. */
const ACCOUNT_ID = '1234567890123456';

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
