import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../../../../src/model/api-error.ts';
import { createSmartAccessGatewayClientUser } from '../../../../src/smartag/operations/create-smart-access-gateway-client-user.ts';
import { failureOf, fixed, NEVER, startExchange, until } from '../../calls.ts';
import { always, type RawAnswer, type RawRequest, startRawServer } from '../raw-server.ts';

const CREDENTIALS = {
  accessKeyId: 'LTAI-marked-key-id',
  accessKeySecret: 'marked-secret-of-the-key',
  // Holds the key id, and what percent-encoding changes.
  securityToken: 'CAIS+marked/token!LTAI-marked-key-id==',
};
const PASSWORD = 'marked-Password_1';

const WRITE = {
  regionId: 'cn-shanghai',
  instanceId: 'sag-small',
  userMail: 'new@example.com',
  bandwidthKbit: 2000,
  login: { userName: 'new-user', password: PASSWORD },
};

const TIMEOUT = 1000;

/** All ways in which an error may be printed. */
function renderings(error: Error): string {
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: null, showHidden: true, getters: true }),
    String(error),
  ].join('\n');
}

/** Texts that must not be in any of them. */
function marksOf(host: string, requests: readonly RawRequest[]): readonly string[] {
  const sent = requests.map(({ form }) => form.get('Signature') ?? '');
  const secrets = [...Object.values(CREDENTIALS), PASSWORD, ...sent].filter((mark) => mark !== '');
  return [
    host,
    ...secrets,
    ...secrets.map(encodeURIComponent),
    ...secrets.map((secret) => encodeURIComponent(encodeURIComponent(secret))),
  ];
}

function expectNothingOf(marks: readonly string[], error: Error): void {
  const printed = renderings(error);
  for (const mark of marks) expect(printed).not.toContain(mark);
  expect('cause' in error).toBe(false);
}

/** The canonical request, encoded once more, as the API echoes it. */
function stringToSign(form: URLSearchParams): string {
  const canonical = [...form]
    .filter(([name]) => name !== 'Signature')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return `POST&%2F&${encodeURIComponent(canonical)}`;
}

function apiError(code: unknown, message: (form: URLSearchParams) => string): RawAnswer {
  return (response, { form }) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ RequestId: form.get('AccessKeyId'), Code: code, Message: message(form) }),
    );
  };
}

/** Answers with everything that it received, in a body of this form. */
function echo(status: number, body: (sent: string) => string): RawAnswer {
  return (response, { form }) => {
    response.writeHead(status);
    response.end(body(`${form}`));
  };
}

const ANSWERS: readonly (readonly [failure: string, answer: RawAnswer, kind: ErrorKind])[] = [
  [
    'an error of the API that quotes every value',
    apiError('Weird', (form) => [...form.values()].join(' ')),
    'rejected',
  ],
  ['an error of the API that quotes the form', apiError('Weird', (form) => `${form}`), 'rejected'],
  [
    'an error of the API that quotes an address',
    apiError('Weird', (form) => `see http://user:pass@host/?${form} for more`),
    'rejected',
  ],
  ['an error whose code is a secret', apiError(PASSWORD, () => 'no'), 'rejected'],
  [
    'SignatureDoesNotMatch with its string to sign',
    apiError(
      'SignatureDoesNotMatch',
      (form) =>
        `Specified signature is not matched with our calculation. server string to sign is:${stringToSign(form)}`,
    ),
    'unauthenticated',
  ],
  [
    'IncompleteSignature with its string to sign, in other words',
    apiError(
      'IncompleteSignature',
      (form) =>
        `The request signature does not conform. StringToSign is [${stringToSign(form)}], Signature=${form.get('Signature')}`,
    ),
    'unauthenticated',
  ],
  ['an HTML 502', echo(502, (sent) => `<html>${sent}</html>`), 'unavailable'],
  ['an HTML 200', echo(200, (sent) => `<html>${sent}</html>`), 'unavailable'],
  ['an empty 200', always(200, ''), 'unavailable'],
  ['an empty 503', always(503, ''), 'unavailable'],
  ['JSON cut short', echo(200, (sent) => `{"UserName":"${sent}`), 'malformed'],
  [
    'XML',
    echo(200, (sent) => `<?xml version="1.0"?><Error><Code>${sent}</Code></Error>`),
    'unavailable',
  ],
  [
    'a redirect',
    (response, { form }) => {
      response.writeHead(302, { location: `http://127.0.0.1:1/?${form}` });
      response.end();
    },
    'unavailable',
  ],
  ['JSON null', always(200, 'null'), 'malformed'],
  ['__proto__ in the reply', echo(200, (sent) => `{"__proto__":{"a":"${sent}"}}`), 'malformed'],
  [
    'constructor deep in the reply',
    echo(200, (sent) => `{"Users":[{"a":{"constructor":"${sent}"}}]}`),
    'malformed',
  ],
  ['an unknown shape', echo(200, (sent) => JSON.stringify({ [sent]: sent })), 'malformed'],
  [
    'a reset before any byte',
    (response) => {
      response.destroy();
    },
    'network',
  ],
  [
    'a reset in the body',
    (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"UserName":', () => response.destroy());
    },
    'network',
  ],
];

describe('an error has no secret and no cause', () => {
  it.each(ANSWERS)('after %s', async (_, answer, kind) => {
    const { server, client } = await startExchange(answer, { credentials: fixed(CREDENTIALS) });
    const error = await failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    expect(error.kind).toBe(kind);
    expect(server.requests).toHaveLength(1);
    expectNothingOf(marksOf(server.host, server.requests), error);
  });

  it('after a refused connection', async () => {
    const gone = await startRawServer(() => {});
    await gone.stop();
    const { client } = await startExchange(() => {}, {
      credentials: fixed(CREDENTIALS),
      endpoint: gone.url,
    });
    const error = await failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    expect([error.kind, error.message]).toEqual([
      'network',
      'CreateSmartAccessGatewayClientUser: the connection failed (ECONNREFUSED)',
    ]);
    expectNothingOf(marksOf(gone.host, []), error);
  });

  it('after a timeout before the headers', async () => {
    const { server, client, clock } = await startExchange(() => {}, {
      credentials: fixed(CREDENTIALS),
      timeout: TIMEOUT,
    });
    const failure = failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    await until(() => server.requests.length === 1);
    await clock.advance(TIMEOUT);
    const error = await failure;
    expect(error.kind).toBe('timeout');
    expectNothingOf(marksOf(server.host, server.requests), error);
  });

  it('after a timeout in the body', async () => {
    const { server, client, clock } = await startExchange(
      (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"UserName":');
      },
      { credentials: fixed(CREDENTIALS), timeout: TIMEOUT },
    );
    const failure = failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    await headersArrived();
    await clock.advance(TIMEOUT);
    const error = await failure;
    expect(error.kind).toBe('timeout');
    expectNothingOf(marksOf(server.host, server.requests), error);
  });

  it.each(['before the headers', 'in the body'])('after an abort %s', async (moment) => {
    const { server, client } = await startExchange(
      (response) => {
        if (moment === 'in the body') response.write('{"UserName":');
      },
      { credentials: fixed(CREDENTIALS) },
    );
    const stop = new AbortController();
    const call = client.call(createSmartAccessGatewayClientUser, WRITE, stop.signal);
    call.catch(() => {});
    if (moment === 'in the body') await headersArrived();
    else await until(() => server.requests.length === 1);
    const reason = new Error('stopped by the test');
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    expectNothingOf(marksOf(server.host, server.requests), reason);
  });

  it('of a key that was replaced while its call was on the way', async () => {
    const keys = ['LTAI-older-key', 'LTAI-newer-key'];
    let older: (() => void) | undefined;
    const { server, client } = await startExchange(
      (response, request) => {
        const key = request.form.get('AccessKeyId');
        const body = JSON.stringify({ Code: 'No', Message: key });
        const answer = (): void => always(400, body)(response, request);
        if (key === 'LTAI-older-key') older = answer;
        else answer();
      },
      {
        credentials: {
          get: async () => ({ accessKeyId: keys.shift() ?? '', accessKeySecret: 'secret' }),
          refresh() {},
        },
      },
    );
    const first = failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    await until(() => server.requests.length === 1);
    await failureOf(client.call(createSmartAccessGatewayClientUser, WRITE, NEVER));
    older?.();
    expect((await first).message).toBe(
      'CreateSmartAccessGatewayClientUser: No: <hidden> (HTTP 400)',
    );
  });
});

/** Resolves when the HTTP client of this process has read the head of a response. */
function headersArrived(): Promise<void> {
  return new Promise((resolve) => {
    const channel = 'http.client.response.finish';
    const onResponse = (): void => {
      unsubscribe(channel, onResponse);
      setImmediate(resolve);
    };
    subscribe(channel, onResponse);
  });
}
