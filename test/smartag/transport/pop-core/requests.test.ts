import { describe, expect, it } from 'vitest';
import { readText } from '../../../../src/input/read-file.ts';
import { credentialsSource } from '../../../../src/smartag/credentials/credentials.ts';
import {
  type Credentials,
  CredentialsOutageError,
} from '../../../../src/smartag/credentials/key-pair.ts';
import type { Operation, Request } from '../../../../src/smartag/operation.ts';
import { createSmartAccessGatewayClientUser } from '../../../../src/smartag/operations/create-smart-access-gateway-client-user.ts';
import { describeRegions } from '../../../../src/smartag/operations/describe-regions.ts';
import { describeSmartAccessGatewayClientUsers } from '../../../../src/smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from '../../../../src/smartag/operations/describe-smart-access-gateways.ts';
import { describeUserOnlineClients } from '../../../../src/smartag/operations/describe-user-online-clients.ts';
import { startSimulator } from '../../../support/start-simulator.ts';
import { failureOf, fixed, NEVER, NOBODY_ONLINE, read, startExchange } from '../../calls.ts';
import { always } from '../raw-server.ts';

/** A reply that every operation accepts: its lists are empty, and it has a created user. */
const ANSWER = always(
  200,
  '{"RequestId":"R-1","TotalCount":0,"Regions":{"Region":[]},"Users":{"User":[]},"UserName":"a"}',
);

/** Every operation with all its parameters, and with only the required ones. */
const CALLS: readonly (readonly [
  what: string,
  operation: Operation<never, unknown>,
  request: Request,
])[] = [
  ['DescribeRegions', describeRegions, { regionId: 'cn-shanghai' }],
  ...[{}, { instanceIds: ['sag-1', 'sag-2'] }, { instanceIds: [] }].map(
    (more) =>
      [
        `DescribeSmartAccessGateways ${JSON.stringify(more)}`,
        describeSmartAccessGateways,
        { regionId: 'cn-shanghai', pageNumber: 1, pageSize: 50, ...more },
      ] as const,
  ),
  [
    'DescribeSmartAccessGatewayClientUsers',
    describeSmartAccessGatewayClientUsers,
    { regionId: 'cn-shanghai', instanceId: 'sag-1', pageNumber: 1, pageSize: 50 } as Request,
  ],
  [
    'DescribeUserOnlineClients',
    describeUserOnlineClients,
    { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'a' } as Request,
  ],
  ...[{}, { login: { userName: 'doctest', password: 'Pass-word1' }, clientIp: '10.0.0.9' }].map(
    (more) =>
      [
        `CreateSmartAccessGatewayClientUser ${JSON.stringify(more)}`,
        createSmartAccessGatewayClientUser,
        {
          regionId: 'cn-shanghai',
          instanceId: 'sag-1',
          userMail: 'a@example.com',
          bandwidthKbit: 1,
          ...more,
        },
      ] as const,
  ),
];

describe('every request', () => {
  it.each(CALLS)(
    'of %s is a POST to / with all parameters in the body',
    async (_, operation, request) => {
      const { client, server } = await startExchange(ANSWER);
      await client.call(operation, request as never, NEVER);
      const [sent] = server.requests;
      expect(sent).toMatchObject({
        method: 'POST',
        url: '/',
        contentType: 'application/x-www-form-urlencoded',
      });
      const form = Object.fromEntries(sent?.form ?? []);
      expect(form).toMatchObject({
        Action: operation.name,
        Version: '2018-03-13',
        Format: 'JSON',
        RegionId: 'cn-shanghai',
        AccessKeyId: 'testid',
        SignatureMethod: 'HMAC-SHA1',
        SignatureVersion: '1.0',
        Signature: expect.stringMatching(/^[\w+/]{27}=$/),
      });
      for (const value of Object.values(form)) {
        expect(['', 'undefined', 'null', '[object Object]', 'NaN']).not.toContain(value);
      }
    },
  );

  it("has the time of the injected clock, in the API's format", async () => {
    const { client, server, clock } = await startExchange(ANSWER);
    await clock.advance(61_999);
    await read(client);
    expect(server.requests[0]?.form.get('Timestamp')).toBe('2026-01-01T00:01:01Z');
  });

  it('has a nonce of its own', async () => {
    const { client, server } = await startExchange(ANSWER);
    for (let each = 0; each < 20; each++) await read(client);
    const nonces = server.requests.map(({ form }) => form.get('SignatureNonce'));
    expect(new Set(nonces).size).toBe(20);
  });

  it('is sent once, also when it fails', async () => {
    const { client, server } = await startExchange(always(503, ''));
    await failureOf(read(client));
    expect(server.requests).toHaveLength(1);
  });
});

describe('the signature', () => {
  it.each<readonly [what: string, key: Credentials, userName: string]>([
    ['plain', { accessKeyId: 'key-id', accessKeySecret: 'key-secret' }, 'some-user'],
    [
      'with a token',
      { accessKeyId: 'STS.key', accessKeySecret: 's+/=', securityToken: 'CAIS+a/b==' },
      'some-user',
    ],
    [
      'of any characters',
      { accessKeyId: 'key-id', accessKeySecret: "&=% !'()*~" },
      "a b+c&d=e%41!'()*~é李😀",
    ],
  ])('is accepted: %s', async (_, key, userName) => {
    const api = await startSimulator({ keys: [key] });
    try {
      const { client } = await startExchange(ANSWER, {
        endpoint: api.url,
        clock: api.clock,
        credentials: fixed(key),
      });
      const request = { regionId: 'cn-shanghai', instanceId: 'sag-small', userName };
      await client.call(describeUserOnlineClients, request, NEVER).catch(() => {});
      // An invalid name is found only after the signature was accepted.
      const [code] = Object.keys(api.simulator.requests.byCode());
      expect(code).toBe(userName === 'some-user' ? 'OK' : 'ClientUser.NameInvalid');
    } finally {
      await api.stop();
    }
  });
});

describe('credentials', () => {
  it('are read before each call', async () => {
    let keysGiven = 0;
    const { client, server } = await startExchange(always(200, NOBODY_ONLINE), {
      credentials: {
        get: async () => {
          keysGiven++;
          return { accessKeyId: `key-${keysGiven}`, accessKeySecret: 'secret' };
        },
        refresh() {},
      },
    });
    for (let each = 0; each < 3; each++) await read(client);
    expect(server.requests.map(({ form }) => form.get('AccessKeyId'))).toEqual([
      'key-1',
      'key-2',
      'key-3',
    ]);
  });

  it('of calls at the same time are not mixed up', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => ({
      accessKeyId: `key-${index}`,
      accessKeySecret: `secret-${index}`,
    }));
    const api = await startSimulator({ keys });
    try {
      let next = 0;
      const { client } = await startExchange(ANSWER, {
        endpoint: api.url,
        clock: api.clock,
        credentials: {
          get: async () => {
            const which = next++ % keys.length;
            return { accessKeyId: `key-${which}`, accessKeySecret: `secret-${which}` };
          },
          refresh() {},
        },
      });
      await Promise.all(Array.from({ length: 40 }, () => read(client)));
      expect(api.simulator.requests.byCode()).toEqual({ OK: 40 });
    } finally {
      await api.stop();
    }
  });

  it('without key or secret send nothing', async () => {
    const incomplete = [
      { accessKeyId: '', accessKeySecret: 'secret' },
      { accessKeyId: 'key', accessKeySecret: '' },
      { accessKeyId: 'key' },
    ];
    for (const keys of incomplete) {
      const credentials = credentialsSource(
        { kind: 'static', ...keys },
        { env: {}, readFile: readText },
      );
      const { client, server } = await startExchange(ANSWER, { credentials });
      const failure = await failureOf(read(client));
      expect([failure.kind, failure.httpStatus]).toEqual(['unauthenticated', undefined]);
      expect(server.connections).toBe(0);
    }
  });

  it('that cannot be read at the moment send nothing, and are not called refused', async () => {
    const credentials = {
      get: () => Promise.reject(new CredentialsOutageError('cannot be read (EMFILE)')),
      refresh() {},
    };
    const { client, server } = await startExchange(ANSWER, { credentials });
    const failure = await failureOf(read(client));
    expect([failure.kind, failure.message]).toEqual([
      'unavailable',
      'DescribeUserOnlineClients: cannot be read (EMFILE)',
    ]);
    expect(server.requests).toHaveLength(0);
  });
});
