import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type Body, call } from '../client.ts';
import { ROLE } from '../gateway/error-cases.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ recordRequests: true });
});
afterEach(() => started.stop());

const STS = { Version: '2015-04-01' };

interface Temporary {
  readonly id: string;
  readonly secret: string;
  readonly token: string;
  readonly expiration: string;
}

async function assume(
  more: Record<string, string> = {},
  as?: Temporary,
): Promise<Temporary & { readonly body: Body }> {
  const own = { ...ROLE, ...more };
  const options = as === undefined ? { common: STS } : keyed(as, STS);
  const { body } = await call(started, 'AssumeRole', own, options);
  const credentials = (body['Credentials'] ?? {}) as Record<string, string>;
  return {
    body,
    id: credentials['AccessKeyId'] ?? '',
    secret: credentials['AccessKeySecret'] ?? '',
    token: credentials['SecurityToken'] ?? '',
    expiration: credentials['Expiration'] ?? '',
  };
}

function keyed({ id, secret, token }: Temporary, more: Record<string, string> = {}) {
  return { secret, common: { AccessKeyId: id, SecurityToken: token, ...more } };
}

async function codeOf(key: Temporary, operation = 'DescribeRegions'): Promise<unknown> {
  return (await call(started, operation, {}, keyed(key))).body['Code'];
}

describe('AssumeRole', () => {
  it('answers like the sample of its page', async () => {
    const { body } = await assume();
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      AssumedRoleUser: {
        AssumedRoleId: expect.stringMatching(/^\d{18}:exporter$/),
        Arn: 'acs:ram::1234567890123456:role/sag-reader/exporter',
      },
      Credentials: {
        SecurityToken: expect.stringMatching(/^CAIS.{300,}/),
        Expiration: '2026-01-01T01:00:00Z',
        AccessKeySecret: expect.stringMatching(/^\w{44}$/),
        AccessKeyId: expect.stringMatching(/^STS\.\w{24}$/),
      },
    });
  });

  it('gives another key each time, of the same role', async () => {
    const [one, two] = [await assume(), await assume()];
    expect(new Set([one.id, two.id, one.secret, two.secret, one.token, two.token]).size).toBe(6);
    expect(one.body['AssumedRoleUser']).toEqual(two.body['AssumedRoleUser']);
  });

  it('gives a key that works until it expires', async () => {
    const key = await assume({ DurationSeconds: '900' });
    expect(await codeOf(key)).toBeUndefined();
    await started.clock.advance(15 * MINUTE - SECOND);
    expect(await codeOf(key)).toBeUndefined();
    await started.clock.advance(SECOND);
    expect(await codeOf(key)).toBe('InvalidSecurityToken.Expired');
  });

  it('forgets an expired key after an hour, when another key is made', async () => {
    const key = await assume();
    await started.clock.advance(2 * HOUR + SECOND);
    expect(await codeOf(key)).toBe('InvalidSecurityToken.Expired');
    await assume();
    expect(await codeOf(key)).toBe('InvalidAccessKeyId.NotFound');
  });

  it('refuses the key without its own token', async () => {
    const [key, other] = [await assume(), await assume()];
    expect(await codeOf({ ...key, token: other.token })).toBe('InvalidSecurityToken.Malformed');
    const { body } = await call(
      started,
      'DescribeRegions',
      {},
      { secret: key.secret, common: { AccessKeyId: key.id } },
    );
    expect(body['Code']).toBe('MissingSecurityToken');
  });

  it('may be called with a temporary key', async () => {
    expect(await codeOf(await assume({}, await assume()))).toBeUndefined();
  });

  it('is unknown to Smartag, whose operations are unknown to STS', async () => {
    const { body } = await call(started, 'AssumeRole', ROLE);
    expect(body['Code']).toBe('InvalidAction.NotFound');
    const other = await call(started, 'DescribeRegions', {}, { common: STS });
    expect(other.body).toMatchObject({
      Code: 'InvalidAction.NotFound',
      Recommend: expect.stringContaining('&product=Sts'),
    });
  });

  it('leaves nothing secret in the request log', async () => {
    const key = await assume({ Policy: '{"Version":"1","Statement":["marked-policy"]}' });
    await codeOf(key);
    const log = JSON.stringify(started.simulator.requests.recent);
    for (const secret of [key.secret, key.token, 'marked-policy']) {
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('AssumeRole');
  });
});

describe('roles', () => {
  it('all exist until a role is configured', async () => {
    const { roles } = started.simulator;
    const RoleArn = 'acs:ram::1234567890123456:role/other';
    expect((await assume({ RoleArn })).body).not.toHaveProperty('Code');
    roles.add({ arn: ROLE.RoleArn });
    expect((await assume({ RoleArn })).body['Code']).toBe('EntityNotExist.Role');
    expect((await assume()).body).not.toHaveProperty('Code');
    roles.remove(ROLE.RoleArn);
    expect((await assume()).body['Code']).toBe('EntityNotExist.Role');
  });

  it('may allow longer sessions, or shorten the requested sessions', async () => {
    const { roles } = started.simulator;
    roles.add({ arn: ROLE.RoleArn, maxSessionSeconds: 43_200 });
    const long = await assume({ DurationSeconds: '43200' });
    expect(long.expiration).toBe('2026-01-01T12:00:00Z');
    roles.add({ arn: ROLE.RoleArn, endsAfterMs: 5 * SECOND });
    const short = await assume();
    expect(short.expiration).toBe('2026-01-01T00:00:05Z');
    await started.clock.advance(5 * SECOND);
    expect(await codeOf(short)).toBe('InvalidSecurityToken.Expired');
  });

  it('may require a certain key or an external id', async () => {
    const { roles, keys } = started.simulator;
    keys.add({ accessKeyId: 'other', accessKeySecret: 'testsecret' });
    roles.add({ arn: ROLE.RoleArn, trusts: 'other', externalId: 'x-1' });
    const as = async (AccessKeyId: string, ExternalId: string): Promise<unknown> => {
      const common = { ...STS, AccessKeyId };
      return (await call(started, 'AssumeRole', { ...ROLE, ExternalId }, { common })).body['Code'];
    };
    expect(await as('testid', 'x-1')).toBe('NoPermission');
    expect(await as('other', 'x-2')).toBe('NoPermission');
    expect(await as('other', 'x-1')).toBeUndefined();
  });

  it('have their own permissions', async () => {
    const { permissions } = started.simulator;
    const key = await assume();
    // The key may only assume the role, the role may only read regions.
    permissions.deny({ accessKeyId: 'testid', operation: 'DescribeRegions' });
    permissions.deny({ roleArn: ROLE.RoleArn, operation: 'DescribeSmartAccessGateways' });
    expect((await call(started, 'DescribeRegions')).body['Code']).toBe('Forbidden');
    expect(await codeOf(key)).toBeUndefined();
    expect(await codeOf(key, 'DescribeSmartAccessGateways')).toBe('Forbidden');
    expect((await call(started, 'DescribeSmartAccessGateways')).status).toBe(200);
    permissions.allow({ roleArn: ROLE.RoleArn });
    expect(await codeOf(key, 'DescribeSmartAccessGateways')).toBeUndefined();
  });

  it('are counted against the limits of the key they were assumed with', async () => {
    const { limits } = started.simulator;
    const key = await assume();
    const later = await assume({}, key);
    limits.set({ kind: 'fixed-window', limit: 2, operation: 'DescribeRegions' });
    expect((await call(started, 'DescribeRegions')).status).toBe(200);
    expect([await codeOf(key), await codeOf(later)]).toEqual([undefined, 'Throttling.User']);
  });
});
