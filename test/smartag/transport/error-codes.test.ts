import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../../../src/model/api-error.ts';
import { kindOf } from '../../../src/smartag/transport/error-codes.ts';

const LATER = 'The resource is being configured, please try again later.';

describe('the kind of an error code', () => {
  it.each<readonly [code: string, httpStatus: number | undefined, kind: ErrorKind]>([
    ['Throttling', 400, 'throttled'],
    ['Throttling.User', 400, 'throttled'],
    ['Throttling.Api', 503, 'throttled'],
    ['Rejected.Throttling', 400, 'throttled'],
    ['ThrottlingOfSomething', 400, 'rejected'],

    ['ServiceUnavailable', 503, 'unavailable'],
    ['ServiceUnavailable', 400, 'unavailable'],
    ['ServiceUnavailableTemporary', 400, 'unavailable'],
    ['InternalError', 500, 'unavailable'],
    ['InternalError', 403, 'unavailable'],
    ['InternalFailure', 400, 'unavailable'],
    ['UnknownError', 400, 'unavailable'],
    ['InnerServiceFailed', 501, 'unavailable'],
    ['InnerServiceFailed', 400, 'unavailable'],
    ['SignatureNonceUsed', 400, 'unavailable'],
    ['AnyOther', 500, 'unavailable'],
    ['AnyOther', 502, 'unavailable'],
    ['AnyOther', 599, 'unavailable'],

    ['InvalidAccessKeyId', 400, 'unauthenticated'],
    ['InvalidAccessKeyId.NotFound', 404, 'unauthenticated'],
    ['InvalidAccessKeyId.Inactive', 500, 'unauthenticated'],
    ['SignatureDoesNotMatch', 400, 'unauthenticated'],
    ['IncompleteSignature', 400, 'unauthenticated'],
    ['InvalidSecurityToken.Expired', 400, 'unauthenticated'],
    ['InvalidSecurityToken.Malformed', 403, 'unauthenticated'],
    ['InvalidSecurityToken.MismatchWithAccessKey', 400, 'unauthenticated'],
    ['MissingSecurityToken', 400, 'unauthenticated'],
    ['InvalidTimeStamp.Format', 400, 'unauthenticated'],
    ['InvalidTimeStamp.Expired', 400, 'unauthenticated'],

    ['Forbidden', 403, 'forbidden'],
    ['Forbidden', 500, 'forbidden'],
    ['Forbidden.RAM', 403, 'forbidden'],
    ['Forbbiden.SubUser', 400, 'forbidden'],
    ['NoPermission', 403, 'forbidden'],
    ['NoPermission.SLR', 400, 'forbidden'],

    // The product's pages have them with both statuses, so the code decides.
    ['PermissionError', 500, 'forbidden'],
    ['SmartAccessGatewayInArrears', 500, 'inactive'],
    ['SmartAccessGatewayInArrears', 400, 'inactive'],
    ['SmartAccessGatewayInArrears', 429, 'inactive'],
    ['SmartAccessGatewayNotActivated', 500, 'inactive'],
    ['SmartAccessGatewayNotActivated', undefined, 'inactive'],

    ['SAG.InstanceNoFound', 400, 'not-found'],
    ['SAG.InstanceNoFound', 503, 'not-found'],
    ['InvalidSmartAGId.NotFound', 400, 'not-found'],
    ['InstanceNotExit', 400, 'not-found'],
    ['InstanceNotExit', 500, 'not-found'],
    ['InvalidId.SMARTAG', 400, 'not-found'],
    ['ClientUser.NameInvalid', 400, 'not-found'],

    ['InvalidAction.NotFound', 404, 'unsupported'],
    ['InvalidApi.NotFound', 404, 'unsupported'],
    ['InvalidVersion', 400, 'unsupported'],
    ['UnsupportedOperation', 400, 'unsupported'],

    ['SAG.InstanceIdEmpty', 400, 'rejected'],
    ['ClientUser.NameEmpty', 400, 'rejected'],
    ['ClientUser.UserExist', 400, 'rejected'],
    ['ClientUser.UserOverLimit', 400, 'rejected'],
    ['MissingParameter', 403, 'rejected'],
    ['AnyOther', 400, 'rejected'],
    ['AnyOther', undefined, 'rejected'],
    ['AnyOther', 429, 'throttled'],
    // Names of properties that every object has are codes like any other.
    ['constructor', 400, 'rejected'],
    ['__proto__', 400, 'rejected'],
    ['toString', 400, 'rejected'],
    ['', 400, 'rejected'],
  ])('%s with HTTP %s is %s', (code, httpStatus, kind) => {
    for (const writes of code === 'ClientUser.NameInvalid' ? [false] : [false, true]) {
      expect(kindOf({ code, message: 'A message.', httpStatus, writes })).toBe(kind);
    }
  });

  it.each<readonly [code: string, message: string, kind: ErrorKind]>([
    ['ResourceConfiguring', LATER, 'unavailable'],
    ['ResourceInOperating', 'The resource is busy. Try again later.', 'unavailable'],
    ['ConfigSynchronizing', LATER, 'unavailable'],
    ['ResourceNotFound', 'There is no such resource.', 'rejected'],
    ['ConfigInvalid', 'The configuration is invalid.', 'rejected'],
    ['AnyOther', LATER, 'rejected'],
  ])('%s (%s) is %s', (code, message, kind) => {
    expect(kindOf({ code, message, httpStatus: 400, writes: false })).toBe(kind);
  });

  it('a name that a write calls invalid is no missing user', () => {
    const failure = { code: 'ClientUser.NameInvalid', message: '', httpStatus: 400 };
    expect(kindOf({ ...failure, writes: true })).toBe('rejected');
    expect(kindOf({ ...failure, writes: false })).toBe('not-found');
  });
});
