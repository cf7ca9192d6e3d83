import { apiFault, missingParameter } from '../gateway/errors.ts';
import { DEFAULT_SESSION_SECONDS, type Role } from '../rules/roles.ts';
import type { Call, Operation } from './operation.ts';

/** `acs:ram::<account id>:role/<role name>`; the name has up to 64 characters (CreateRole page). */
const ROLE_ARN = /^acs:ram::\d{1,32}:role\/[A-Za-z0-9.-]{1,64}$/;
const ROLE_SESSION_NAME = /^[A-Za-z0-9.@_-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

const LONGEST_POLICY = 2048;
const SHORTEST_SESSION = 900;

/** Gives a temporary key of a RAM role (AssumeRole page of STS, version 2015-04-01). */
export const assumeRole: Operation = {
  name: 'AssumeRole',
  product: 'Sts',
  errors: {
    'InvalidParameter.RoleArn': 'RoleArn is not `acs:ram::<account id>:role/<role name>`.',
    'InvalidParameter.RoleSessionName':
      'RoleSessionName is not 2 to 64 letters, digits, `.`, `@`, `-`, `_`.',
    'InvalidParameter.ExternalId':
      'ExternalId is not 2 to 1224 word characters or `+`, `=`, `,`, `.`, `@`, `:`, `/`, `-`.',
    'InvalidParameter.PolicySize': 'Policy is longer than 2048 bytes.',
    'InvalidParameter.PolicyGrammar': 'Policy is not a JSON object with Version and Statement.',
    'InvalidParameter.DurationSeconds':
      'DurationSeconds is not a whole number from 900 to the longest session of the role (by default 3600).',
    'EntityNotExist.Role':
      'There is no such role. As long as no roles are configured, every role exists.',
    NoPermission:
      'RAM denies the operation, or the role does not trust the key, or it requires another ExternalId.',
  },
  denied: () => 'NoPermission',
  answer(call) {
    const { parameters, roles, requestId, accessKeyId, now } = call;
    const arn = required(call, 'RoleArn');
    const sessionName = required(call, 'RoleSessionName');
    if (!ROLE_ARN.test(arn)) throw apiFault('InvalidParameter.RoleArn');
    if (!ROLE_SESSION_NAME.test(sessionName)) throw apiFault('InvalidParameter.RoleSessionName');
    const externalId = parameters.get('ExternalId');
    if (externalId !== undefined && !EXTERNAL_ID.test(externalId)) {
      throw apiFault('InvalidParameter.ExternalId');
    }
    checkPolicy(parameters.get('Policy'));
    const role = roles.find(arn);
    if (role === undefined) throw apiFault('EntityNotExist.Role');
    const seconds = readSeconds(call, role);
    const isTrusted =
      (role.trusts === undefined || role.trusts === accessKeyId) &&
      (role.externalId === undefined || role.externalId === externalId);
    if (!isTrusted) throw apiFault('NoPermission');

    const { key, roleId } = roles.assume(role, accessKeyId, seconds, now);
    return {
      RequestId: requestId,
      AssumedRoleUser: {
        AssumedRoleId: `${roleId}:${sessionName}`,
        Arn: `${arn}/${sessionName}`,
      },
      Credentials: {
        SecurityToken: key.securityToken,
        Expiration: new Date(key.expiration).toISOString().replace(/\.\d+Z$/, 'Z'),
        AccessKeySecret: key.accessKeySecret,
        AccessKeyId: key.accessKeyId,
      },
    };
  },
};

function required({ parameters }: Call, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

/** Checks the form of the policy only. Its statements have no effect on what the key may do. */
function checkPolicy(policy: string | undefined): void {
  if (policy === undefined) return;
  if (Buffer.byteLength(policy) > LONGEST_POLICY) throw apiFault('InvalidParameter.PolicySize');
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    parsed = undefined;
  }
  const isPolicy =
    typeof parsed === 'object' &&
    parsed !== null &&
    'Version' in parsed &&
    'Statement' in parsed &&
    Array.isArray(parsed.Statement);
  if (!isPolicy) throw apiFault('InvalidParameter.PolicyGrammar');
}

function readSeconds({ parameters }: Call, role: Role): number {
  const text = parameters.get('DurationSeconds');
  const most = role.maxSessionSeconds ?? DEFAULT_SESSION_SECONDS;
  if (text === undefined) return Math.min(DEFAULT_SESSION_SECONDS, most);
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= SHORTEST_SESSION && seconds <= most)) {
    throw apiFault('InvalidParameter.DurationSeconds');
  }
  return seconds;
}
