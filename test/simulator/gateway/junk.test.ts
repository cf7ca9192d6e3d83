import { Agent } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OPERATIONS } from '../../../src/simulator/operations/index.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call, callFor, type Received, send, type Way } from '../client.ts';
import { versionOf } from './error-cases.ts';
import { readXml } from './read-xml.ts';

let started: StartedSimulator;
beforeAll(async () => {
  started = await startSimulator();
});
afterAll(() => started.stop());

/** Expects an answer that the API could give: a reply, or an error with a code and a 4xx status. */
function expectApiAnswer({ status, headers, text }: Received): void {
  const body = JSON.parse(text) as Record<string, unknown>;
  expect(headers['x-acs-request-id']).toBe(body['RequestId']);
  if (status === 200) return;
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body).toMatchObject({ Code: expect.stringMatching(/./), Message: expect.any(String) });
  expect(body['Code']).not.toBe('InternalError');
}

/** Expects such an answer in JSON or XML. */
function expectAnswer(received: Received): void {
  if (!received.text.startsWith('<')) {
    expectApiAnswer(received);
    return;
  }
  const { root, content } = readXml(received.text);
  expect(content).toHaveProperty('RequestId', received.headers['x-acs-request-id']);
  if (received.status === 200) return;
  expect(root).toBe('Error');
  expect(received.status).toBeLessThan(500);
  expect(content).not.toHaveProperty('Code', 'InternalError');
}

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'Action',
  'Version',
  'RegionId',
  'SmartAGId',
  'SmartAGIds.1',
  'SmartAGIds.0',
  'SmartAGIds.99999999999',
  'UserName',
  'Username',
  'Email',
  'StatisticsDate',
  'RoleArn',
  'RoleSessionName',
  'Policy',
  'DurationSeconds',
  'UserNames.1',
  'UserNames[1]',
  'UserMail',
  'PageNumber',
  'PageSize',
  'Bandwidth',
  'ClientIp',
  'Password',
  'Format',
  'Timestamp',
  'Signature',
];
const VALUES = [
  '',
  '0',
  '-1',
  '1e9',
  'NaN',
  '9007199254740993',
  'cn-shanghai',
  'sag-small',
  '__proto__',
  'constructor',
  'null',
  '[object Object]',
  '%',
  '10.0.0.1',
  'acs:ram::1:role/x',
  '{"Version":1}',
  '2015-04-01',
  'XML',
  'DescribeRegions',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary' }));
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary' }));

describe('a malformed request', () => {
  it('of any shape gets an error of the API', async () => {
    // Parts of a URL that are hard to parse: invalid percent escapes, brackets, ampersands.
    const query = fc
      .array(
        fc.constantFrom(
          '%',
          '%zz',
          '%ff',
          '&',
          '=',
          '[',
          ']',
          'Action',
          '1',
          '+',
          '.',
          '__proto__',
          '%00',
          ';',
        ),
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
        fc.constantFrom('/', '/x', '//', '/%zz'),
        query,
        fc.constantFrom(
          'application/x-www-form-urlencoded',
          'application/json',
          'text/xml',
          '',
          'x',
        ),
        fc.oneof(query, fc.string({ unit: 'binary' }), fc.uint8Array().map(Buffer.from)),
        async (method, path, query, type, body) => {
          const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
          const url = `${started.url}${path}?${query}`;
          expectApiAnswer(await send(url, { method, headers, body: body as string | Buffer }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with a valid signature gets a reply or an error of the API', async () => {
    const operations = OPERATIONS.map((operation) => operation.name);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations),
        fc.constantFrom<Way>('GET', 'POST query', 'POST form', 'POST mixed'),
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 }),
        async (operation, way, parameters) => {
          const own = Object.fromEntries(
            parameters.map(([key, text]) => [key.toWellFormed(), text.toWellFormed()]),
          );
          const common = { Version: versionOf(operation) };
          expectAnswer(await callFor(started, operation, own, { way, common }));
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Common parameters that a test may replace by wrong values. */
const REPLACED = [
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'SecurityToken',
  'Timestamp',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  'Signature',
] as const;

describe('ten thousand malformed requests', () => {
  it('are each answered, and so is a correct request after them', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    onTestFinished(() => agent.destroy());
    const wrongValues = fc.oneof(value, fc.string({ unit: 'binary' }), fc.constant(undefined));
    const malformed = fc.record({
      protocol: fc.constantFrom('RPC', 'ACS3'),
      operation: fc.oneof(fc.constantFrom(...OPERATIONS.map(({ name }) => name)), value),
      way: fc.constantFrom<Way>('GET', 'POST query', 'POST form', 'POST mixed'),
      own: fc.dictionary(name, value, { maxKeys: 6 }),
      common: fc.dictionary(fc.constantFrom(...REPLACED), wrongValues, { maxKeys: 3 }),
      authorization: fc.oneof(
        fc.constantFrom(
          'ACS3-HMAC-SHA256',
          'ACS3-',
          'ACS3-HMAC-SHA256 Credential=testid',
          'Basic x',
        ),
        fc.string().map((text) => `ACS3-HMAC-SHA256 ${text}`),
      ),
    });
    type Malformed = typeof malformed extends fc.Arbitrary<infer T> ? T : never;
    const ask = async (request: Malformed): Promise<Received> => {
      const { protocol, operation, way, own, common, authorization } = request;
      const wellFormed = (texts: Record<string, string | undefined>): Record<string, string> =>
        Object.fromEntries(
          Object.entries(texts).map(([key, text]) => [
            key.toWellFormed(),
            text?.toWellFormed() ?? '',
          ]),
        );
      if (protocol === 'ACS3') {
        const headers = { authorization: authorization.replace(/[^\x20-\x7E]/g, '?') };
        const query = new URLSearchParams(wellFormed(own)).toString();
        return send(`${started.url}/?${query}`, { method: 'POST', headers, agent });
      }
      const options = { way, common: wellFormed(common), agent };
      return callFor(started, operation.toWellFormed(), wellFormed(own), options);
    };
    const batches = fc.array(malformed, { minLength: 100, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        for (const received of await Promise.all(batch.map(ask))) expectAnswer(received);
      }),
      { numRuns: 100 },
    );
    expect(started.simulator.requests.count()).toBeGreaterThanOrEqual(10_000);
    await vi.waitFor(() => expect(started.simulator.requests.inFlight).toBe(0));
    expect((await call(started, 'DescribeRegions', {}, { agent })).status).toBe(200);
  }, 180_000);
});

describe('unusual requests', () => {
  const code = ({ text }: Received): unknown => (JSON.parse(text) as { Code: unknown }).Code;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('with a very large body are refused, and the body is not kept', async () => {
    const body = `Action=${'x'.repeat(1024 * 1024)}`;
    const received = await send(`${started.url}/`, { method: 'POST', headers: form, body });
    expect([received.status, code(received)]).toEqual([413, 'RequestEntityTooLarge']);
  });

  it('with an unsupported method are refused', async () => {
    const received = await send(`${started.url}/?Action=DescribeRegions`, { method: 'PUT' });
    expect([received.status, code(received)]).toEqual([400, 'UnsupportedHTTPMethod']);
  });

  it('to another path get InvalidApi.NotFound', async () => {
    const received = await send(`${started.url}/v2/regions`);
    expect([received.status, code(received)]).toEqual([404, 'InvalidApi.NotFound']);
  });

  it('that repeat a parameter use its first value, where the query comes before the body', async () => {
    const { requests } = started.simulator;
    requests.clear();
    await send(`${started.url}/?Action=DescribeRegions&Action=DescribeSmartAccessGateways`, {
      method: 'POST',
      headers: form,
      body: 'Action=DescribeSmartAccessGateways',
    });
    expect(requests.byOperation()).toEqual({ DescribeRegions: 1 });
  });
});
