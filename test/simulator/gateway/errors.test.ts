import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../../src/simulator/gateway/errors.ts';
import { GATEWAY_ERRORS } from '../../../src/simulator/gateway/gateway-errors.ts';
import { OPERATIONS } from '../../../src/simulator/operations/index.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call, callFor } from '../client.ts';
import { INSTANCES, OFFICE } from '../office.ts';
import { DOCUMENTED_ERRORS, documented } from './documented-errors.ts';
import { type Case, ERROR_CASES, ROLES, versionOf } from './error-cases.ts';
import { readXml } from './read-xml.ts';

let started: StartedSimulator;
// Every case is refused, so no case changes the world.
beforeAll(async () => {
  started = await startSimulator({ instances: INSTANCES, roles: ROLES });
});
afterAll(() => started.stop());

/** Errors of denials, which no parameter causes. */
const DENIED = new Set(['Forbidden', 'Forbbiden.SubUser', 'NoPermission']);
/** Errors that only faults give. */
const FAULTS = new Set(['InnerServiceFailed']);

describe('an error of an operation', () => {
  it.each(ERROR_CASES)('%s answers %s to %j', async (operation, code, own) => {
    const common = { Version: versionOf(operation) };
    const { status, body } = await call(started, operation, own, { common });
    const [httpStatus, message] = documented(code) ?? [];
    expect([status, body['Code'], body['Message']]).toEqual([httpStatus, code, message]);
    expect(Object.keys(body)).toEqual(['RequestId', 'HostId', 'Code', 'Message', 'Recommend']);
  });

  const once = new Map(ERROR_CASES.map((one): [string, Case] => [`${one[0]} ${one[1]}`, one]));
  it.each([...once.values()])('%s answers %s in XML too', async (operation, code, own) => {
    const common = { Version: versionOf(operation), Format: 'XML' };
    const { status, headers, text } = await callFor(started, operation, own, { common });
    const [httpStatus, message] = documented(code) ?? [];
    const { root, content } = readXml(text);
    expect([status, headers['content-type'], root]).toEqual([
      httpStatus,
      'text/xml;charset=utf-8',
      'Error',
    ]);
    expect(content).toEqual({
      RequestId: headers['x-acs-request-id'],
      HostId: started.url.slice('http://'.length),
      Code: code,
      Message: message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=${operation === 'AssumeRole' ? 'Sts' : 'Smartag'}&requestId=${headers['x-acs-request-id']}`,
    });
  });

  it.each(
    OPERATIONS.flatMap(({ name, errors }) =>
      Object.keys(errors)
        .filter((code) => DENIED.has(code))
        .map((code) => [name, code] as const),
    ),
  )('%s answers %s when RAM denies it', async (operation, code) => {
    const { permissions } = started.simulator;
    const instanceId = OFFICE.SmartAGId;
    permissions.deny({ operation, ...(code === 'Forbbiden.SubUser' && { instanceId }) });
    const common = { Version: versionOf(operation) };
    const { status, body } = await call(started, operation, OFFICE, { common });
    permissions.allow();
    expect([status, body['Code'], body['Message']]).toEqual([
      documented(code)?.[0],
      code,
      documented(code)?.[1],
    ]);
  });

  it('InnerServiceFailed of DescribeRegions comes as a fault', async () => {
    const effect = { error: { code: 'InnerServiceFailed' } };
    started.simulator.faults.add({ count: 1, effect });
    const { status, body } = await call(started, 'DescribeRegions');
    expect([status, body['Message']]).toEqual([501, 'Call inner service failed.']);
  });

  it.each(OPERATIONS)(
    '$name: its table has all codes of its page, and a case reaches each code',
    (operation) => {
      const { name, errors } = operation;
      const claimed = Object.keys(errors);
      const reached = ERROR_CASES.filter(([of]) => of === name).map(([, code]) => code as string);
      expect(claimed).toEqual(expect.arrayContaining(Object.keys(DOCUMENTED_ERRORS[name] ?? {})));
      expect(claimed).toEqual(expect.arrayContaining(reached));
      const others = claimed.filter((code) => !DENIED.has(code) && !FAULTS.has(code));
      expect(reached).toEqual(expect.arrayContaining(others));
    },
  );

  it('is in the table of its operation or in the table for all operations, which the documents print', () => {
    const listed = [GATEWAY_ERRORS, ...OPERATIONS.map(({ errors }) => errors)].flatMap(Object.keys);
    expect(listed).toEqual(expect.arrayContaining(Object.keys(ERRORS)));
  });

  it.each([
    'DescribeSmartAccessGatewayClientUsers',
    'DescribeUserOnlineClients',
    'DescribeUserOnlineClientStatistics',
    'DescribeSagOnlineClientStatistics',
    'DescribeUserFlowStatistics',
    'CreateSmartAccessGatewayClientUser',
    'ModifySmartAccessGatewayClientUser',
    'DeleteSmartAccessGatewayClientUser',
    'EnableSmartAccessGatewayUser',
    'DisableSmartAccessGatewayUser',
    'KickOutClients',
    'ResetSmartAccessGatewayClientUserPassword',
  ])('%s requires a region', async (operation) => {
    const { status, body } = await call(started, operation, { SmartAGId: 'sag-office' });
    expect([status, body['Code'], body['Message']]).toEqual([
      400,
      'MissingRegionId',
      'RegionId is mandatory for this action.',
    ]);
  });

  it.each(['RoleArn', 'RoleSessionName'])('AssumeRole requires %s', async (name) => {
    const common = { Version: '2015-04-01' };
    const own = { RoleArn: 'acs:ram::1:role/x', RoleSessionName: 'xy', [name]: '' };
    const { status, body } = await call(started, 'AssumeRole', own, { common });
    expect([status, body['Code']]).toEqual([400, `Missing${name}`]);
  });
});
