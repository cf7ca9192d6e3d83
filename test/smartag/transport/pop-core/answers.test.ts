import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../../../../src/model/api-error.ts';
import { describeUserOnlineClients } from '../../../../src/smartag/operations/describe-user-online-clients.ts';
import { failureOf, fixed, NEVER, NOBODY_ONLINE, READ, read, startExchange } from '../../calls.ts';
import { always } from '../raw-server.ts';

const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe('the result of a call', () => {
  it.each<readonly [answer: string, status: number, body: string, kind: ErrorKind]>([
    ['a 500 without a code', 500, '{"RequestId":"R-1"}', 'unavailable'],
    ['a 500 with a reply', 500, NOBODY_ONLINE, 'unavailable'],
    ['a 500 whose code is OK', 500, '{"RequestId":"R-1","Code":"OK"}', 'unavailable'],
    ['a 500 whose code is "200"', 500, '{"RequestId":"R-1","Code":"200"}', 'unavailable'],
    ['a 500 whose code is 200', 500, '{"RequestId":"R-1","Code":200}', 'unavailable'],
    ['a 500 whose code is Success', 500, '{"RequestId":"R-1","Code":"Success"}', 'unavailable'],
    ['a 500 with a lower-case code', 500, '{"code":"Throttling","message":"m"}', 'unavailable'],
    ['a 500 with an unknown code', 500, '{"Code":"Odd","Message":"m"}', 'unavailable'],
    ['a 404 without a code', 404, '{"message":"no route"}', 'unavailable'],
    ['a 204', 204, '', 'unavailable'],
    ['a 304', 304, '', 'unavailable'],
    ['a 302 with a page', 302, '<html>moved</html>', 'unavailable'],
    ['an HTML 502', 502, '<html>Bad Gateway</html>', 'unavailable'],
    ['an HTML 403', 403, '<html>blocked</html>', 'unavailable'],
    ['an HTML 200', 200, '  <!doctype html><title>log in</title>', 'unavailable'],
    ['XML', 200, '<?xml version="1.0"?><DescribeUserOnlineClientsResponse/>', 'unavailable'],
    ['an empty 200', 200, '', 'unavailable'],
    ['a blank 200', 200, ' \r\n', 'unavailable'],
    ['an empty 503', 503, '', 'unavailable'],
    ['null with a 500', 500, 'null', 'unavailable'],
    ['JSON cut short with a 500', 500, '{"Code":"Throt', 'unavailable'],
    ['JSON cut short', 200, '{"RequestId":"R-1","Users":{"User":[{"Cli', 'malformed'],
    ['plain text', 200, 'pong', 'malformed'],
    ['JSON null', 200, 'null', 'malformed'],
    ['a JSON number', 200, '5', 'malformed'],
    ['a JSON string', 200, '"OK"', 'malformed'],
    ['a JSON list', 200, '[]', 'malformed'],
    ['an empty object', 200, '{}', 'malformed'],
    ['a RequestId alone', 200, '{"RequestId":"R-1"}', 'malformed'],
    ['an object of another service', 200, '{"status":"up"}', 'malformed'],
    ['a 200 with a lower-case code', 200, '{"code":"Throttling","message":"m"}', 'malformed'],
    [
      'a 200 with a lower-case code and a RequestId',
      200,
      '{"RequestId":"R-1","code":"Throttling"}',
      'malformed',
    ],
    ['a reply one level deeper', 200, '{"RequestId":"R-1","Data":{"Users":{}}}', 'malformed'],
    ['__proto__ at the top', 200, '{"__proto__":1,"Users":""}', 'malformed'],
    ['__proto__ deep inside', 200, '{"Users":{"User":[{"a":{"__proto__":1}}]}}', 'malformed'],
    ['constructor deep inside', 200, '{"Users":{"User":[{"constructor":1}]}}', 'malformed'],
    ['lists nested without end', 200, DEEP, 'malformed'],
    ['a code that is an object', 200, '{"Code":{"a":1},"Message":"m"}', 'malformed'],
    ['a code that is an object, with a 500', 500, '{"Code":{"a":1}}', 'unavailable'],
    ['a code with a 200', 200, '{"Code":"Odd","Message":"m"}', 'rejected'],
    ['a numeric code', 400, '{"Code":40012,"Message":"m"}', 'rejected'],
    ['a numeric code of 16 digits', 400, '{"Code":1234567890123456}', 'rejected'],
    ['a numeric code with a 429', 429, '{"Code":429,"Message":"m"}', 'throttled'],
    ['a code in front of the status', 403, '{"Code":"InternalError"}', 'unavailable'],
    ['throttling with a 400', 400, '{"Code":"Throttling.User"}', 'throttled'],
  ])('%s', async (_, status, body, kind) => {
    const { client } = await startExchange(always(status, body));
    const error = await failureOf(read(client));
    expect(error.kind).toBe(kind);
    expect(error.operation).toBe('DescribeUserOnlineClients');
    expect(error.httpStatus).toBe(status);
  });

  it.each([
    ['a reply', NOBODY_ONLINE],
    ['a reply whose code is OK', '{"Code":"OK","RequestId":"R-1","Users":""}'],
    ['a reply whose code is 200', '{"Code":200,"RequestId":"R-1","Users":""}'],
  ])('%s is a success', async (_, body) => {
    const { client } = await startExchange(always(200, body));
    await expect(read(client)).resolves.toEqual([]);
  });

  it('an error has the code, message, request id and status', async () => {
    const body = {
      RequestId: 'R-1',
      HostId: 'smartag.cn-shanghai.aliyuncs.com',
      Code: 'SAG.InstanceNoFound',
      Message: 'The specified SAG instance does not exist.',
      Recommend: 'https://api.aliyun.com/troubleshoot?q=SAG.InstanceNoFound&product=Smartag',
    };
    const { client } = await startExchange(always(400, JSON.stringify(body)));
    expect(await failureOf(read(client))).toMatchObject({
      name: 'ApiError',
      kind: 'not-found',
      operation: 'DescribeUserOnlineClients',
      code: 'SAG.InstanceNoFound',
      requestId: 'R-1',
      httpStatus: 400,
      retryAfter: undefined,
      message:
        'DescribeUserOnlineClients: SAG.InstanceNoFound: The specified SAG instance does not exist. (HTTP 400)',
    });
  });

  it.each([
    ['ClientUser.NameInvalid', 'Client', 'not-found'],
    ['SAG.InstanceNoFound', 'Found', 'not-found'],
    ['Forbidden', 'some-user', 'forbidden'],
  ])(
    "keeps the API's code %s, also when the key or user has such a name",
    async (code, userName, kind) => {
      const { client } = await startExchange(always(400, JSON.stringify({ Code: code })), {
        credentials: fixed({ accessKeyId: 'id', accessKeySecret: 'e' }),
      });
      const call = client.call(describeUserOnlineClients, { ...READ, userName }, NEVER);
      expect(await failureOf(call)).toMatchObject({ kind, code });
    },
  );

  it.each<readonly [headers: Readonly<Record<string, string>>, retryAfter: number | undefined]>([
    [{ 'x-acs-retry-after': '1500' }, 1500],
    [{ 'x-acs-retry-after': '0' }, 0],
    [{ 'x-acs-retry-after': '-1' }, undefined],
    [{ 'x-acs-retry-after': 'soon' }, undefined],
    [{ 'x-acs-retry-after': '1500', 'retry-after': '30' }, 1500],
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': '1e3' }, undefined],
    // The clock of the test stands at the first second of 2026.
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT', date: '-' }, 20_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT', date: '-' }, 0],
    [
      {
        'retry-after': 'Mon, 01 Jun 2026 10:00:20 GMT',
        date: 'Mon, 01 Jun 2026 10:00:00 GMT',
      },
      20_000,
    ],
    [{ 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:2000,Reset:1767225602' }, 2000],
    [{ 'x-ratelimit-user': 'Limit:1,Remain:0,TimeLeft:3000,Reset:1767225603' }, 3000],
    [{ 'x-ratelimit-user-api': 'Limit:9,Remain:8,TimeLeft:2000,Reset:1767225602' }, undefined],
    [{ 'x-ratelimit-user-api': 'soon' }, undefined],
  ])('with %j asks for a pause of %s ms', async (headers, retryAfter) => {
    for (const [status, body] of [
      // The code decides before the status.
      [200, '{"Code":"Throttling"}'],
      [400, '{"Code":"Throttling"}'],
      [503, '{"Code":"ServiceUnavailable"}'],
      [503, '<html>busy</html>'],
      [429, ''],
    ] as const) {
      const { client } = await startExchange(always(status, body, headers));
      const failure = await failureOf(read(client));
      expect(failure.retryAfter).toBe(retryAfter);
      expect(failure.kind).toBe(status === 503 ? 'unavailable' : 'throttled');
    }
  });

  it('a gzip body is read', async () => {
    const { gzipSync } = await import('node:zlib');
    const { client } = await startExchange((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(NOBODY_ONLINE));
    });
    await expect(read(client)).resolves.toEqual([]);
  });

  it('the last of repeated keys counts', async () => {
    const { client } = await startExchange(
      always(200, '{"Users":{"User":[{"ClientIp":"10.0.0.1"}]},"Users":""}'),
    );
    await expect(read(client)).resolves.toEqual([]);
  });
});
