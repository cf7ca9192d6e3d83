import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { OPERATIONS } from '../../../src/simulator/operations/index.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call, callFor, type Way } from '../client.ts';
import { callAcs3 } from '../gateway/acs3-client.ts';
import { ROLES, versionOf } from '../gateway/error-cases.ts';
import { inXml, readXml } from '../gateway/read-xml.ts';
import { departures, SDK_MODELS } from '../gateway/sdk-models.ts';
import { INSTANCES } from '../office.ts';
import { flat, SUCCESS_CASES, type SuccessCase } from './success-cases.ts';

/** A simulator with the same seed each time, so that answers can be compared. */
async function start(): Promise<StartedSimulator> {
  const started = await startSimulator({ instances: INSTANCES, roles: ROLES });
  onTestFinished(() => started.stop());
  return started;
}

async function textOf(one: SuccessCase, Format: string): Promise<string> {
  const common = { Version: versionOf(one.operation), Format };
  const received = await callFor(await start(), one.operation, flat(one.parameters), { common });
  expect(received.status).toBe(200);
  expect(received.headers['content-type']).toBe(
    Format === 'JSON' ? 'application/json;charset=utf-8' : 'text/xml;charset=utf-8',
  );
  return received.text;
}

it('there is a case for every operation', () => {
  expect(SUCCESS_CASES.map(({ operation }) => operation)).toEqual(
    OPERATIONS.map(({ name }) => name),
  );
});

describe.each(SUCCESS_CASES)('$operation', (one) => {
  const { operation, parameters, fields } = one;

  it('answers in JSON with the fields of its page, of the types of the SDK', async () => {
    const body = JSON.parse(await textOf(one, 'JSON')) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(fields);
    expect(departures(body, SDK_MODELS[operation] ?? {})).toEqual([]);
  });

  it('answers in XML with the same content', async () => {
    const { root, content } = readXml(await textOf(one, 'xml'));
    expect(root).toBe(`${operation}Response`);
    expect(content).toEqual(inXml(JSON.parse(await textOf(one, 'JSON'))));
  });

  it.each<Way>(['GET', 'POST query', 'POST form', 'POST mixed'])(
    'can be called by %s',
    async (way) => {
      const common = { Version: versionOf(operation) };
      const { body } = await call(await start(), operation, flat(parameters), { way, common });
      expect(body).toEqual(JSON.parse(await textOf(one, 'JSON')));
    },
  );

  it.each(['GET', 'POST query', 'POST form'] as const)('can be called by ACS3, %s', async (way) => {
    const version = versionOf(operation);
    const { body } = await callAcs3(await start(), operation, flat(parameters), { way, version });
    expect(body).toEqual(JSON.parse(await textOf(one, 'JSON')));
  });
});

describe('XML', () => {
  let started: StartedSimulator;
  beforeEach(async () => {
    started = await start();
  });
  const XML = { common: { Format: 'XML' } };

  it('holds any text', async () => {
    const { world } = started.simulator;
    const description = `<b a="1">&'${'\u{1F600}'}\u0000\u0008\uFFFF\n\t]]>`;
    world.changeInstance('sag-office', { description });
    const own = { SmartAGId: 'sag-office' };
    const { text } = await callFor(started, 'DescribeSmartAccessGateways', own, XML);
    expect(readXml(text).content).toMatchObject({
      SmartAccessGateways: {
        SmartAccessGateway: { Description: `<b a="1">&'😀\uFFFD\uFFFD\uFFFD\n\t]]>` },
      },
    });
  });

  it('has one declaration, and an element for each item of a list', async () => {
    const own = { RegionId: 'cn-shanghai', SmartAGId: 'sag-office', UserName: 'li.wei017' };
    const { text } = await callFor(started, 'DescribeUserOnlineClients', own, XML);
    expect(text.replace(/[0-9A-F-]{36}/, 'ID')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><DescribeUserOnlineClientsResponse><RequestId>ID</RequestId>' +
        '<Users><User><ClientIp>10.1.0.9</ClientIp><OnlineTime>1559125519</OnlineTime></User>' +
        '<User><ClientIp>10.1.0.40</ClientIp><OnlineTime>1559125600</OnlineTime></User></Users>' +
        '</DescribeUserOnlineClientsResponse>',
    );
  });

  it('can be made the default, and can have a root element without Response', async () => {
    started.simulator.quirks.set({ defaultFormat: 'XML', xmlRoot: 'operation' });
    const common = { Format: undefined };
    const { text } = await callFor(started, 'DescribeRegions', {}, { common });
    expect(readXml(text).root).toBe('DescribeRegions');
    const wrong = await callFor(started, 'DescribeRegions', {}, { common, secret: 'wrong' });
    expect(readXml(wrong.text)).toMatchObject({
      root: 'Error',
      content: { Code: 'SignatureDoesNotMatch' },
    });
  });

  it('leaves out what JSON leaves out', async () => {
    started.simulator.quirks.set({ omit: ['RegionEndpoint'] });
    const { text } = await callFor(started, 'DescribeRegions', {}, XML);
    expect(text).not.toContain('RegionEndpoint');
    expect(text).toContain('<LocalName>');
  });
});
