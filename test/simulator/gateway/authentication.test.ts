import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type CallOptions, call, LASTING_AND_TEMPORARY, send, type Way } from '../client.ts';

const PLAIN = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };
const OPERATION = 'DescribeSmartAccessGatewayClientUsers';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ keys: LASTING_AND_TEMPORARY });
});
afterEach(() => started.stop());

describe('a signed call', () => {
  it.each<Way>(['GET', 'POST query', 'POST form', 'POST mixed'])(
    'is accepted by %s',
    async (way) => {
      const { status, body } = await call(started, OPERATION, PLAIN, { way });
      expect([status, body['TotalCount']]).toEqual([200, 25]);
    },
  );

  it.each(['JSON', 'json', 'Json'])('may ask for Format=%s', async (Format) => {
    expect((await call(started, OPERATION, PLAIN, { common: { Format } })).status).toBe(200);
  });

  it('may leave out Format, SignatureMethod and SignatureVersion', async () => {
    const common = { Format: undefined, SignatureMethod: undefined, SignatureVersion: undefined };
    expect((await call(started, OPERATION, PLAIN, { common })).status).toBe(200);
  });

  it('has a signature over all parameters, with any characters', async () => {
    const own = { ...PLAIN, Anything: "ü +*~!'()%/&=李🀄", __proto__x: '[a][b]=c', 'a[b]': 'd' };
    expect((await call(started, OPERATION, own, { way: 'POST mixed' })).status).toBe(200);
  });

  it('carries the security token of a temporary key', async () => {
    const common = { AccessKeyId: 'temporary', SecurityToken: 'to+ken/=' };
    const { status } = await call(started, OPERATION, PLAIN, { common, secret: 'secret' });
    expect(status).toBe(200);
  });

  it('may have a timestamp up to 15 minutes in the past or future', async () => {
    for (const off of [-15 * MINUTE, 15 * MINUTE]) {
      const Timestamp = stamp(started.clock.now() + off);
      expect((await call(started, OPERATION, PLAIN, { common: { Timestamp } })).status).toBe(200);
    }
  });
});

interface Refusal {
  readonly title: string;
  readonly options: CallOptions;
  readonly status: number;
  readonly code: string;
  readonly message: string | RegExp;
}

const temporary = (more: Record<string, string | undefined>): CallOptions => ({
  common: { AccessKeyId: 'temporary', ...more },
  secret: 'secret',
});

const REFUSALS: readonly Refusal[] = [
  ...['Action', 'Version', 'AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp'].map(
    (name) => ({
      title: `no ${name}`,
      options: { common: { [name]: undefined } },
      status: 400,
      code: `Missing${name}`,
      message: `${name} is mandatory for this action.`,
    }),
  ),
  {
    title: 'an unknown key',
    options: { common: { AccessKeyId: 'nobody' } },
    status: 404,
    code: 'InvalidAccessKeyId.NotFound',
    message: 'Specified access key is not found.',
  },
  ...[' testid', 'te$tid', '"testid"', 'test id', 'té'].map((AccessKeyId) => ({
    title: `the key ${AccessKeyId}, which can be none`,
    options: { common: { AccessKeyId } },
    status: 404,
    code: 'InvalidAccessKeyId',
    message: 'Specified access key is not found or invalid.',
  })),
  ...['BEARERTOKEN', 'PRIVATEKEY'].map((SignatureType) => ({
    title: `the signature type ${SignatureType}`,
    options: { common: { SignatureType, AccessKeyId: undefined, Signature: undefined } },
    status: 400,
    code: 'UnsupportedSignatureType',
    message: 'Specified signature type is not supported.',
  })),
  {
    title: 'an unknown operation, even with a wrong key and signature',
    options: { common: { Action: 'DescribeEverything', AccessKeyId: 'nobody', Signature: 'none' } },
    status: 404,
    code: 'InvalidAction.NotFound',
    message: 'Specified api is not found, please check your url and method.',
  },
  {
    title: 'a wrong secret',
    options: { secret: 'wrong' },
    status: 400,
    code: 'SignatureDoesNotMatch',
    message:
      /^Specified signature is not matched with our calculation\. server string to sign is:GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribe.*%26SmartAGId%3Dsag-small/,
  },
  {
    title: 'a parameter changed after signing',
    options: {
      tamper(parameters) {
        parameters['SmartAGId'] = 'sag-quiet';
      },
    },
    status: 400,
    code: 'SignatureDoesNotMatch',
    message: /server string to sign is:.*sag-quiet/,
  },
  {
    title: 'a signature that cannot be one',
    options: { common: { Signature: 'none' } },
    status: 400,
    code: 'IncompleteSignature',
    message:
      /^The request signature does not conform to Aliyun standards\. server string to sign is:/,
  },
  {
    title: 'another signature method',
    options: { common: { SignatureMethod: 'HMAC-SHA256' } },
    status: 400,
    code: 'InvalidSignatureMethod',
    message: 'Specified signature method is not valid.',
  },
  {
    title: 'another signature version',
    options: { common: { SignatureVersion: '2.0' } },
    status: 400,
    code: 'InvalidSignatureVersion',
    message: 'Specified parameter SignatureVersion is not valid.',
  },
  ...['yesterday', '2026-01-01T00:00:00', '2026-13-41T00:00:00Z', '1767225600'].map(
    (Timestamp) => ({
      title: `the timestamp ${Timestamp}`,
      options: { common: { Timestamp } },
      status: 400,
      code: 'InvalidTimeStamp.Format',
      message: 'Specified time stamp or date value is not well formatted.',
    }),
  ),
  ...['2025-12-31T23:44:59Z', '2026-01-01T00:15:01Z'].map((Timestamp) => ({
    title: `the timestamp ${Timestamp} at midnight`,
    options: { common: { Timestamp } },
    status: 400,
    code: 'InvalidTimeStamp.Expired',
    message: 'Specified time stamp or date value is expired.',
  })),
  {
    title: 'another version of the API',
    options: { common: { Version: '2017-01-01' } },
    status: 400,
    code: 'InvalidVersion',
    message: 'Specified parameter Version is not valid.',
  },
  {
    title: 'an unknown operation',
    options: { common: { Action: 'DescribeEverything' } },
    status: 404,
    code: 'InvalidAction.NotFound',
    message: 'Specified api is not found, please check your url and method.',
  },
  {
    title: 'an operation in another case',
    options: { common: { Action: 'describeRegions' } },
    status: 404,
    code: 'InvalidAction.NotFound',
    message: 'Specified api is not found, please check your url and method.',
  },
  {
    title: 'another format',
    options: { common: { Format: 'YAML' } },
    status: 400,
    code: 'InvalidParameter.Format',
    message: 'Specified parameter format is not valid.',
  },
  {
    title: 'a temporary key without its token',
    options: temporary({}),
    status: 400,
    code: 'MissingSecurityToken',
    message: 'SecurityToken is mandatory for this action.',
  },
  {
    title: 'a temporary key with another token',
    options: temporary({ SecurityToken: 'other' }),
    status: 400,
    code: 'InvalidSecurityToken.Malformed',
    message: 'Specified SecurityToken is malformed.',
  },
  {
    title: 'a plain key with a token',
    options: { common: { SecurityToken: 'any' } },
    status: 400,
    code: 'InvalidSecurityToken.MismatchWithAccessKey',
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
];

describe('the gateway refuses', () => {
  it.each(REFUSALS)('$title: $code', async ({ options, status, code, message }) => {
    // Action is a common parameter too: the table replaces it through `common`.
    const received = await call(started, OPERATION, PLAIN, options);
    expect({ status: received.status, code: received.body['Code'] }).toEqual({ status, code });
    expect(received.body['Message']).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it('a nonce that was used before, while its timestamp is still accepted', async () => {
    const common = { SignatureNonce: 'once' };
    expect((await call(started, OPERATION, PLAIN, { common })).status).toBe(200);
    const again = await call(started, OPERATION, PLAIN, { common });
    expect(again.status).toBe(400);
    expect(again.body).toMatchObject({
      Code: 'SignatureNonceUsed',
      Message: 'Specified signature nonce was used already.',
    });
    await started.clock.advance(15 * MINUTE + 1);
    expect((await call(started, OPERATION, PLAIN, { common })).status).toBe(200);
  });

  it('not a nonce that only a refused request has used', async () => {
    const common = { SignatureNonce: 'kept' };
    await call(started, OPERATION, PLAIN, { common, secret: 'wrong' });
    expect((await call(started, OPERATION, PLAIN, { common })).status).toBe(200);
  });

  it('a temporary key that has expired', async () => {
    const { clock, simulator } = started;
    simulator.keys.add({
      accessKeyId: 'temporary',
      accessKeySecret: 'secret',
      securityToken: 'to+ken/=',
      expiration: clock.now() + HOUR,
    });
    const options = temporary({ SecurityToken: 'to+ken/=' });
    expect((await call(started, OPERATION, PLAIN, options)).status).toBe(200);
    await clock.advance(HOUR);
    const { status, body } = await call(started, OPERATION, PLAIN, options);
    expect([status, body['Code']]).toEqual([400, 'InvalidSecurityToken.Expired']);
  });

  it('a key that was revoked or removed while the simulator runs', async () => {
    const { keys } = started.simulator;
    const code = async (): Promise<unknown> => (await call(started, OPERATION, PLAIN)).body['Code'];
    keys.revoke('testid');
    expect(await code()).toBe('InvalidAccessKeyId.Inactive');
    keys.add({ accessKeyId: 'testid', accessKeySecret: 'testsecret' });
    expect(await code()).toBeUndefined();
    keys.remove('testid');
    expect(await code()).toBe('InvalidAccessKeyId.NotFound');
  });

  it('timestamps outside the configured window', async () => {
    const strict = await startSimulator({ timestampWindowMs: MINUTE });
    const Timestamp = stamp(strict.clock.now() - 2 * MINUTE);
    const { body } = await call(strict, OPERATION, PLAIN, { common: { Timestamp } });
    await strict.stop();
    expect(body['Code']).toBe('InvalidTimeStamp.Expired');
  });
});

describe('an error', () => {
  it('has the body and headers of the API', async () => {
    const { status, headers, text } = await send(`${started.url}/`);
    const body = JSON.parse(text) as Record<string, unknown>;
    expect(status).toBe(400);
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      HostId: started.url.slice('http://'.length),
      Code: 'MissingAction',
      Message: 'Action is mandatory for this action.',
      Recommend: `https://api.aliyun.com/troubleshoot?q=MissingAction&product=Smartag&requestId=${body['RequestId']}`,
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json;charset=utf-8',
      'x-acs-request-id': body['RequestId'],
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
  });
});

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
