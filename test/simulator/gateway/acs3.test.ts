import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/clock.ts';
import {
  ACS3_ALGORITHM,
  acs3Signature,
  acs3StringToSign,
  canonicalRequest,
} from '../../../src/simulator/gateway/signature.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call, LASTING_AND_TEMPORARY } from '../client.ts';
import { type Acs3Options, authorize, callAcs3 } from './acs3-client.ts';
import { readXml } from './read-xml.ts';

const SMALL = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };
const OPERATION = 'DescribeSmartAccessGatewayClientUsers';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ keys: LASTING_AND_TEMPORARY });
});
afterEach(() => started.stop());

describe('the ACS3 signature', () => {
  // The example of the page "Request syntax and signature method V3".
  const headers: Record<string, string> = {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  };
  const parameters = {
    ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    RegionId: 'cn-shanghai',
  };
  const signature = '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0';

  it('equals the example of the documents', () => {
    const canonical = canonicalRequest({
      method: 'POST',
      query: Object.entries(parameters),
      headers: Object.entries(headers),
      body: Buffer.alloc(0),
    });
    const text = acs3StringToSign(canonical);
    expect(acs3Signature(text, 'YourAccessKeySecret')).toBe(signature);
    expect(ACS3_ALGORITHM).toBe('ACS3-HMAC-SHA256');
  });

  it('equals that of the independent implementation in the tests', () => {
    const request = { method: 'POST', parameters, headers, accessKeyId: 'id' };
    expect(authorize({ ...request, secret: 'YourAccessKeySecret' })).toContain(signature);
  });
});

describe('a call signed by ACS3', () => {
  it.each(['GET', 'POST query', 'POST form'] as const)('is accepted by %s', async (way) => {
    const own = { ...SMALL, Note: "ü +*~!'()%/&=李🀄", 'A.10': 'x', 'A.2': 'y' };
    const { status, body } = await callAcs3(started, OPERATION, own, { way });
    expect([status, body['TotalCount']]).toEqual([200, 25]);
  });

  it('carries the security token of a temporary key', async () => {
    const temporary = { accessKeyId: 'temporary', secret: 'secret', securityToken: 'to+ken/=' };
    expect((await callAcs3(started, OPERATION, SMALL, temporary)).status).toBe(200);
  });

  it('is answered in XML when its Accept or Format names only XML', async () => {
    for (const [own, headers] of [
      [SMALL, { accept: 'application/xml' }],
      [{ ...SMALL, Format: 'xml' }, {}],
    ] as const) {
      const { text } = await callAcs3(started, OPERATION, own, { headers });
      expect(readXml(text).root).toBe('DescribeSmartAccessGatewayClientUsersResponse');
    }
  });

  it('shares nonces and counters with RPC calls', async () => {
    const headers = { 'x-acs-signature-nonce': 'shared' };
    expect((await callAcs3(started, OPERATION, SMALL, { headers })).status).toBe(200);
    const common = { SignatureNonce: 'shared' };
    const again = await call(started, OPERATION, SMALL, { common });
    expect(again.body['Code']).toBe('SignatureNonceUsed');
    expect(started.simulator.requests.count({ operation: OPERATION })).toBe(2);
  });
});

const header = (name: string, value: string | undefined): Acs3Options => ({
  headers: { [name]: value },
});

const REFUSALS: readonly [title: string, options: Acs3Options, status: number, code: string][] = [
  ['no action', header('x-acs-action', undefined), 400, 'MissingAction'],
  ['no version', header('x-acs-version', undefined), 400, 'MissingVersion'],
  ['no date', header('x-acs-date', undefined), 400, 'MissingTimestamp'],
  ['no nonce', header('x-acs-signature-nonce', undefined), 400, 'MissingSignatureNonce'],
  ['no hash of the body', header('x-acs-content-sha256', undefined), 400, 'IncompleteSignature'],
  ['another date', header('x-acs-date', 'yesterday'), 400, 'InvalidTimeStamp.Format'],
  ['an old date', header('x-acs-date', '2020-01-01T00:00:00Z'), 400, 'InvalidTimeStamp.Expired'],
  ['another version', header('x-acs-version', '2018-03-14'), 400, 'InvalidVersion'],
  ['an unknown action', header('x-acs-action', 'Describe'), 404, 'InvalidAction.NotFound'],
  ['no credential', header('authorization', 'ACS3-HMAC-SHA256'), 400, 'MissingAccessKeyId'],
  [
    'no signature',
    header('authorization', 'ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host'),
    400,
    'MissingSignature',
  ],
  [
    'another algorithm',
    header('authorization', 'ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=00'),
    400,
    'InvalidSignatureMethod',
  ],
  ['an unsigned host', { unsigned: ['host'] }, 400, 'IncompleteSignature'],
  ['an unsigned action', { unsigned: ['x-acs-action'] }, 400, 'IncompleteSignature'],
  ['an unknown key', { accessKeyId: 'nobody' }, 404, 'InvalidAccessKeyId.NotFound'],
  ['a key that can be none', { accessKeyId: '$KEY' }, 404, 'InvalidAccessKeyId'],
  [
    'an unknown action of a wrong signature',
    { ...header('x-acs-action', 'Describe'), secret: 'wrong' },
    404,
    'InvalidAction.NotFound',
  ],
  [
    'a bearer token',
    header('x-acs-signature-type', 'BEARERTOKEN'),
    400,
    'UnsupportedSignatureType',
  ],
  ['a wrong secret', { secret: 'wrong' }, 400, 'SignatureDoesNotMatch'],
  [
    'a temporary key without its token',
    { accessKeyId: 'temporary', secret: 'secret' },
    400,
    'MissingSecurityToken',
  ],
  [
    'a parameter changed after signing',
    {
      tamper(sent) {
        sent.query = sent.query.replace('small', 'quiet');
      },
    },
    400,
    'SignatureDoesNotMatch',
  ],
  [
    'another body than announced',
    {
      way: 'POST form',
      tamper(sent) {
        sent.body = sent.body.replace('small', 'quiet');
      },
    },
    400,
    'SignatureDoesNotMatch',
  ],
  [
    'a signature that cannot be one',
    {
      tamper({ headers }) {
        headers['authorization'] = `${headers['authorization']}=`;
      },
    },
    400,
    'IncompleteSignature',
  ],
];

describe('the gateway refuses', () => {
  it.each(REFUSALS)('%s', async (_, options, status, code) => {
    const received = await callAcs3(started, OPERATION, SMALL, options);
    expect([received.status, received.body['Code']]).toEqual([status, code]);
  });

  it('a nonce used before', async () => {
    const headers = { 'x-acs-signature-nonce': 'once' };
    await callAcs3(started, OPERATION, SMALL, { headers });
    const { body } = await callAcs3(started, OPERATION, SMALL, { headers });
    expect(body['Code']).toBe('SignatureNonceUsed');
    await started.clock.advance(15 * MINUTE + 1);
    expect((await callAcs3(started, OPERATION, SMALL, { headers })).status).toBe(200);
  });

  it('a wrong signature, with the text that the simulator signed', async () => {
    const { body } = await callAcs3(started, OPERATION, SMALL, { secret: 'wrong' });
    expect(body['Message']).toMatch(
      /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\]$/,
    );
  });
});
