import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../src/cli/run.ts';
import { loadConfig } from '../src/config/load.ts';
import { readDocument } from '../src/input/document.ts';
import { ConfigError } from '../src/input/problem.ts';
import { explain } from '../src/model/advice.ts';
import { Parameters } from '../src/simulator/gateway/parameters.ts';
import { stringToSign } from '../src/simulator/gateway/signature.ts';
import { loadScenario } from '../src/simulator/scenario/load.ts';
import { describeRegions } from '../src/smartag/operations/describe-regions.ts';
import { describeSmartAccessGatewayClientUsers } from '../src/smartag/operations/describe-smart-access-gateway-client-users.ts';
import { describeSmartAccessGateways } from '../src/smartag/operations/describe-smart-access-gateways.ts';
import { describeUserFlowStatistics } from '../src/smartag/operations/describe-user-flow-statistics.ts';
import { describeUserOnlineClientStatistics } from '../src/smartag/operations/describe-user-online-client-statistics.ts';
import { describeUserOnlineClients } from '../src/smartag/operations/describe-user-online-clients.ts';
import { listQuery } from '../src/web/status/list-query.ts';
import { failureOf, read, startExchange } from './smartag/calls.ts';
import { always } from './smartag/transport/raw-server.ts';
import { FakeHost } from './support/fake-host.ts';

/** Text that may hold halves of characters, as escapes of JSON and YAML can. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    fc.constantFrom('a', '\ud800', '\udfff', '😀'),
  ),
  minLength: 1,
  maxLength: 12,
});

/** The texts in a value that are not well-formed, keys included. */
function illFormed(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Map) return illFormed([...value]);
  return Object.entries(value).flatMap((entry) => entry.flatMap(illFormed));
}

const LISTS_OF_TEXTS = [
  {
    operation: describeSmartAccessGatewayClientUsers,
    outer: 'Users',
    inner: 'User',
    fields: ['UserName', 'UserMail', 'ClientIp'],
  },
  {
    operation: describeSmartAccessGateways,
    outer: 'SmartAccessGateways',
    inner: 'SmartAccessGateway',
    fields: ['SmartAGId', 'Name', 'Status', 'MaxBandwidth'],
  },
  {
    operation: describeUserOnlineClients,
    outer: 'Users',
    inner: 'User',
    fields: ['ClientIp', 'OnlineTime'],
  },
  {
    operation: describeUserOnlineClientStatistics,
    outer: 'UserStatistics',
    inner: 'Statistics',
    fields: ['UserName'],
  },
  {
    operation: describeUserFlowStatistics,
    outer: 'SagStatistics',
    inner: 'Statistics',
    fields: ['UserName'],
  },
  {
    operation: describeRegions,
    outer: 'Regions',
    inner: 'Region',
    fields: ['RegionId', 'LocalName', 'RegionEndpoint'],
  },
] as const;

describe('text that comes in is well-formed', () => {
  it.each(LISTS_OF_TEXTS)(
    'in a reply of the API: $operation.name',
    ({ operation, outer, inner, fields }) => {
      fc.assert(
        fc.property(fc.array(anyText, { minLength: 4, maxLength: 4 }), (texts) => {
          const entry = Object.fromEntries(fields.map((field, index) => [field, texts[index]]));
          const more = {
            OnlineCount: 1,
            TotalBytes: 1,
            HardwareVersion: texts[3],
            IsStaticIp: true,
          };
          const body = { TotalCount: 1, [outer]: { [inner]: [{ ...more, ...entry }] } };
          expect(illFormed(operation.reply.parse(body))).toEqual([]);
        }),
      );
    },
  );

  it('in an error of the API, also where a long message is cut', async () => {
    let answer = {};
    const { client } = await startExchange((response, request) =>
      always(400, JSON.stringify(answer))(response, request),
    );
    await fc.assert(
      fc.asyncProperty(
        anyText,
        anyText,
        fc.integer({ min: 295, max: 300 }),
        async (code, message, before) => {
          answer = { Code: code, Message: `${'x'.repeat(before)}😀${message}`, RequestId: message };
          const error = await failureOf(read(client));
          const { requestId } = error;
          expect(illFormed({ ...error, requestId, message: explain(error) })).toEqual([]);
        },
      ),
    );
  });

  it('in YAML, from escapes and from variables', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (key, value, variable) => {
        // JSON is YAML too, and its escapes are those of double quotes.
        const source = `${JSON.stringify(key)}: [${JSON.stringify(value.replaceAll('$', ''))}, "\${NAME}"]`;
        const document = readDocument(source, 'file.yml', { NAME: variable });
        expect(illFormed([document.value, document.findings])).toEqual([]);
      }),
    );
  });

  it('in a configuration file and its problems', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (name, unknown) => {
        const source = { file: 'a.yml', env: {}, readFile: async () => text };
        const account = `accounts: [{name: ${JSON.stringify(name)}}]`;
        let text = account;
        expect(illFormed(await loadConfig(source).catch(problemsOf))).toEqual([]);
        text = `${JSON.stringify(unknown)}: 1\n${account}`;
        expect(illFormed(await loadConfig(source).catch(problemsOf))).toEqual([]);
      }),
    );
  });

  it('in a scenario file', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (name) => {
        const text = `instances: [{id: sag-a, name: ${JSON.stringify(name)}}]`;
        const scenario = await loadScenario('a.yml', { readFile: async () => text }).catch(
          problemsOf,
        );
        expect(illFormed(scenario)).toEqual([]);
      }),
    );
  });

  it('in arguments of the command line', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (argument) => {
        const host = new FakeHost();
        await run(['help', argument], host);
        await run([`--no-such-${argument}`], host);
        expect(illFormed([host.out, host.err])).toEqual([]);
      }),
    );
  });

  it("in the query of a list's page, also where a long search is cut", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 195, max: 200 }), (text, before) => {
        const parameters = new URLSearchParams(`q=${'x'.repeat(before)}😀${text}`);
        const { search } = listQuery(parameters, LIST);
        expect(illFormed(search)).toEqual([]);
      }),
    );
  });

  it('in the parameters of a request to the simulator', () => {
    fc.assert(
      fc.property(anyText, fc.stringMatching(/^(%[0-9a-f]{2}|[a-z%]){0,8}$/), (name, value) => {
        const parameters = new Parameters(`${name}=${value}&a=${name}`);
        expect(illFormed([...parameters.entries()])).toEqual([]);
        expect(illFormed(stringToSign('GET', parameters.entries()))).toEqual([]);
      }),
    );
  });
});

const LIST = { columns: { name: 'asc' }, shows: ['all'], perPage: 50 } as const;

/** The problems of a refused file, as people read them. */
function problemsOf(error: unknown): unknown {
  if (error instanceof ConfigError) return error.problems;
  throw error;
}
