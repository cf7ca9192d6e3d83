import { createRequire } from 'node:module';
import RPCClient from '@alicloud/pop-core';
import { RuntimeOptions } from '@alicloud/tea-util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, systemClock } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { INSTANCES, OFFICE } from '../office.ts';
import { flat, SUCCESS_CASES, type SuccessCase } from '../operations/success-cases.ts';
import { ROLE, ROLES, versionOf } from './error-cases.ts';
import { departures, SDK_MODELS } from './sdk-models.ts';

// CommonJS whose `default` Node and vitest see differently.
const {
  default: OpenApiClient,
  Config,
  OpenApiRequest,
  Params,
} = createRequire(import.meta.url)(
  '@alicloud/openapi-client',
) as typeof import('@alicloud/openapi-client');

let started: StartedSimulator;
/** How far the simulator's clock is ahead of the machine's clock, which the SDKs use. */
let ahead = 0;
beforeEach(async () => {
  ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  started = await startSimulator({
    clock,
    instances: INSTANCES,
    roles: ROLES,
    timestampWindowMs: 2 * HOUR,
  });
});
afterEach(() => started.stop());

/** A key in the form of the SDKs. */
interface SdkKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

const LASTING: SdkKey = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };

type Ask = (
  operation: string,
  parameters: SuccessCase['parameters'],
  key?: SdkKey,
) => Promise<Record<string, unknown>>;

function popCore(method: 'GET' | 'POST'): Ask {
  return (operation, parameters, key = LASTING) => {
    const client = new RPCClient({
      endpoint: started.url,
      apiVersion: versionOf(operation),
      ...key,
    });
    return client.request(operation, parameters, { method });
  };
}

function openApi(method: 'GET' | 'POST', place: 'query' | 'body', signatureAlgorithm?: 'v2'): Ask {
  return async (operation, parameters, key = LASTING) => {
    const client = new OpenApiClient(
      new Config({
        endpoint: started.url.slice('http://'.length),
        protocol: 'HTTP',
        ...key,
        ...(key.securityToken !== undefined && { type: 'sts' }),
        ...(signatureAlgorithm && { signatureAlgorithm }),
      }),
    );
    const params = new Params({
      action: operation,
      version: versionOf(operation),
      protocol: 'HTTP',
      pathname: '/',
      method,
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const request = new OpenApiRequest(
      place === 'body' ? { body: flat(parameters) } : { query: flat(parameters) },
    );
    const reply: unknown = await client.callApi(params, request, new RuntimeOptions({}));
    return (reply as { readonly body: Record<string, unknown> }).body;
  };
}

const CLIENTS: readonly [string, Ask][] = [
  ['pop-core, GET', popCore('GET')],
  ['pop-core, POST', popCore('POST')],
  ['openapi-client, ACS3, POST, query', openApi('POST', 'query')],
  ['openapi-client, ACS3, POST, form', openApi('POST', 'body')],
  ['openapi-client, ACS3, GET', openApi('GET', 'query')],
  ['openapi-client, v2, POST, query', openApi('POST', 'query', 'v2')],
  ['openapi-client, v2, POST, form', openApi('POST', 'body', 'v2')],
  ['openapi-client, v2, GET', openApi('GET', 'query', 'v2')],
];

it('refuses a bearer token of openapi-client', async () => {
  const client = new OpenApiClient(
    new Config({
      endpoint: started.url.slice('http://'.length),
      protocol: 'HTTP',
      bearerToken: 'token',
    }),
  );
  const params = new Params({
    action: 'DescribeRegions',
    version: '2018-03-13',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const calling = client.callApi(params, new OpenApiRequest({}), new RuntimeOptions({}));
  await expect(calling).rejects.toMatchObject({ code: 'UnsupportedSignatureType' });
});

/** The key in a reply of AssumeRole. */
function keyOf(reply: Record<string, unknown>): SdkKey & { readonly expiration: string } {
  const credentials = reply['Credentials'] as Record<string, string>;
  return {
    accessKeyId: credentials['AccessKeyId'] ?? '',
    accessKeySecret: credentials['AccessKeySecret'] ?? '',
    securityToken: credentials['SecurityToken'] ?? '',
    expiration: credentials['Expiration'] ?? '',
  };
}

describe.each(CLIENTS)('%s', (_, ask) => {
  it.each(SUCCESS_CASES)('can call $operation', async ({ operation, parameters, fields }) => {
    const reply = await ask(operation, parameters);
    expect(Object.keys(reply)).toEqual(fields);
    expect(departures({ ...reply }, SDK_MODELS[operation] ?? {})).toEqual([]);
  });

  it('sends any characters', async () => {
    const own = { ...OFFICE, UserName: 'li.wei017', Note: "ü*~ +'()!李🀄&=%" };
    expect(await ask('DescribeUserOnlineClients', own)).toHaveProperty('Users.User');
  });

  it('assumes a role, uses its key until the key expires, and assumes the role again', async () => {
    const reply = await ask('AssumeRole', { ...ROLE, DurationSeconds: 900 });
    const { expiration, ...key } = keyOf(reply);
    const left = Date.parse(expiration) - systemClock.now();
    expect(left).toBeGreaterThan(14 * MINUTE);
    expect(left).toBeLessThanOrEqual(15 * MINUTE);
    expect(await ask('DescribeRegions', {}, key)).toHaveProperty('Regions.Region');

    ahead = 15 * MINUTE;
    await expect(ask('DescribeRegions', {}, key)).rejects.toMatchObject({
      code: 'InvalidSecurityToken.Expired',
    });
    const { expiration: _later, ...fresh } = keyOf(await ask('AssumeRole', ROLE));
    expect(await ask('DescribeRegions', {}, fresh)).toHaveProperty('Regions.Region');
  });

  it.each<[string, string, SuccessCase['parameters'], SdkKey]>([
    ['SignatureDoesNotMatch', 'DescribeRegions', {}, { ...LASTING, accessKeySecret: 'wrong' }],
    ['InvalidAccessKeyId.NotFound', 'DescribeRegions', {}, { ...LASTING, accessKeyId: 'nobody' }],
    ['InvalidAction.NotFound', 'DescribeEverything', {}, LASTING],
    ['SAG.InstanceNoFound', 'KickOutClients', { ...OFFICE, SmartAGId: 'sag-none' }, LASTING],
    ['EntityNotExist.Role', 'AssumeRole', { ...ROLE, RoleArn: 'acs:ram::1:role/x' }, LASTING],
  ])('gets the error %s', async (code, operation, parameters, key) => {
    await expect(ask(operation, parameters, key)).rejects.toMatchObject({ code });
  });
});
