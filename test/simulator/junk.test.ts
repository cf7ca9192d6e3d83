import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/simulator/operations/index.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { call, type Received, send, type Way } from './client.ts';

let started: StartedSimulator;
beforeAll(async () => {
  started = await startSimulator();
});
afterAll(() => started.stop());

/** An answer the API could give: a reply, or an error with a code that is not the server's fault. */
function expectApiAnswer({ status, headers, text }: Received): void {
  const body = JSON.parse(text) as Record<string, unknown>;
  expect(headers['x-acs-request-id']).toBe(body['RequestId']);
  if (status === 200) return;
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body).toMatchObject({ Code: expect.stringMatching(/./), Message: expect.any(String) });
  expect(body['Code']).not.toBe('InternalError');
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
  'DescribeRegions',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary' }));
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary' }));

describe('junk', () => {
  it('of any shape gets an error of the API', async () => {
    // Percent signs that decode to nothing, brackets, ampersands: what a URL may hold.
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

  it('under a good signature gets a reply or an error of the API', async () => {
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
          expectApiAnswer(await call(started, operation, own, { way }));
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('odd requests', () => {
  const code = ({ text }: Received): unknown => (JSON.parse(text) as { Code: unknown }).Code;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('with a giant body are refused before it is kept', async () => {
    const body = `Action=${'x'.repeat(1024 * 1024)}`;
    const received = await send(`${started.url}/`, { method: 'POST', headers: form, body });
    expect([received.status, code(received)]).toEqual([413, 'RequestEntityTooLarge']);
  });

  it('of another method are refused', async () => {
    const received = await send(`${started.url}/?Action=DescribeRegions`, { method: 'PUT' });
    expect([received.status, code(received)]).toEqual([400, 'UnsupportedHTTPMethod']);
  });

  it('for another path find nothing', async () => {
    const received = await send(`${started.url}/v2/regions`);
    expect([received.status, code(received)]).toEqual([404, 'InvalidApi.NotFound']);
  });

  it('with a parameter twice mean the first, and the query before the body', async () => {
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
