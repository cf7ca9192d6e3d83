import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { StageRecord } from '../../src/fleet/stage-record.ts';
import { createLog } from '../../src/log.ts';
import { ApiError, type ErrorKind } from '../../src/model/api-error.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import { FailureLog } from '../../src/poll/failure-log.ts';
import type { Client, Operation, Request } from '../../src/smartag/operation.ts';
import { describeSmartAccessGateways } from '../../src/smartag/operations/describe-smart-access-gateways.ts';
import type { LogLine } from '../support/fake-host.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { DISCOVERING } from '../support/settings.ts';

const INSTANCES = Array.from({ length: 40 }, (_, each) => `sag-${each}`);

/** An API with 40 instances without users, whose calls fail in the ways a test chooses. */
class FailingApi implements Client {
  /** The error of the next call; undefined for a success. */
  failure: (operation: string, instanceId: string | undefined) => ErrorKind | undefined = () =>
    undefined;

  async call<Req extends Request, Reply>(operation: Operation<Req, Reply>, request: Req) {
    const { SmartAGId } = operation.parameters(request);
    const instanceId = SmartAGId === undefined ? undefined : String(SmartAGId);
    const kind = this.failure(operation.name, instanceId);
    if (kind) {
      throw new ApiError({ kind, operation: operation.name, code: 'Odd', detail: 'it failed' });
    }
    const gateways = INSTANCES.map((id) => ({ SmartAGId: id }));
    return operation.reply.parse({
      RequestId: 'r',
      Users: { User: [] },
      UserStatistics: { Statistics: [] },
      SagStatistics: { Statistics: INSTANCES.map((id) => ({ SmartAGId: id, OnlineCount: 0 })) },
      ...(operation.name === describeSmartAccessGateways.name && {
        SmartAccessGateways: { SmartAccessGateway: gateways },
      }),
    });
  }
}

let clock: ManualClock;
let api: FailingApi;
let poller: AccountPoller;
let lines: LogLine[];

beforeEach(async () => {
  clock = new ManualClock();
  api = new FailingApi();
  lines = [];
  const { polling } = await loadConfig({ env: {} });
  poller = new AccountPoller({
    account: {
      name: 'prod',
      ...DISCOVERING,
      regions: ['cn-shanghai'],
    },
    settings: polling,
    client: api,
    fleet: new Fleet(clock),
    clock,
    log: createLog({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
    }),
  });
  poller.start();
  await clock.advance(10 * MINUTE);
  lines.splice(0);
});

afterEach(() => poller.stop());

const loggedLines = () => lines.map(({ level, msg }) => `${level} ${msg}`);

describe('the log of an hour', () => {
  it('without failures has no line', async () => {
    await clock.advance(HOUR);
    expect(loggedLines()).toEqual([]);
  });

  it.each(['throttled', 'timeout', 'network', 'unavailable'] as const)(
    'in which every call of 40 instances fails (%s) has one line, and its end one',
    async (kind) => {
      api.failure = () => kind;
      await clock.advance(HOUR);
      expect(lines).toEqual([
        expect.objectContaining({
          level: 'warn',
          account: 'prod',
          region: 'cn-shanghai',
          operation: expect.stringMatching(/^Describe/),
          stage: expect.any(String),
          kind,
          code: 'Odd',
          msg: expect.stringContaining(
            'Odd: it failed; more such failures, of any instance, are counted',
          ),
        }),
      ]);
      api.failure = () => undefined;
      await clock.advance(HOUR);
      expect(lines.slice(1)).toEqual([
        expect.objectContaining({
          level: 'info',
          account: 'prod',
          kind,
          msg: 'passes succeed again',
        }),
      ]);
      const { failures, seconds } = lines[1] ?? {};
      expect(failures).toBeGreaterThan(400);
      expect(Number(seconds)).toBeGreaterThan(3000);
    },
  );

  it('with calls that fail in turn for many reasons has a line for each reason', async () => {
    const kinds = ['timeout', undefined, 'unavailable', undefined, 'network', 'throttled'] as const;
    let calls = 0;
    api.failure = () => kinds[calls++ % kinds.length];
    await clock.advance(HOUR);
    expect(lines.map(({ kind }) => kind).sort()).toEqual(
      ['network', 'throttled', 'timeout', 'unavailable'].sort(),
    );
    api.failure = () => undefined;
    await clock.advance(HOUR);
    expect(lines.slice(4).map(({ msg }) => msg)).toEqual(Array(4).fill('passes succeed again'));
  });

  it('with one refused instance has a line that names it, although others fail too', async () => {
    api.failure = (operation, instance) => {
      if (operation !== 'DescribeSmartAccessGatewayClientUsers') return undefined;
      if (instance === 'sag-7') return 'forbidden';
      return instance === 'sag-8' ? 'malformed' : 'timeout';
    };
    await clock.advance(HOUR);
    const about = lines.map(({ instance, kind }) => [kind, kind === 'timeout' || instance]);
    expect(about.sort()).toEqual([
      ['forbidden', 'sag-7'],
      ['malformed', 'sag-8'],
      ['timeout', true],
    ]);
    api.failure = () => undefined;
    await clock.advance(HOUR);
    expect(lines.slice(3).map(({ instance, stage, kind }) => [instance, stage, kind])).toEqual(
      expect.arrayContaining([
        ['sag-7', 'users', 'forbidden'],
        ['sag-8', 'users', 'malformed'],
        [undefined, undefined, 'timeout'],
      ]),
    );
    expect(lines).toHaveLength(6);
  });

  it('with a single failure has a line, and another one after five minutes without failures', async () => {
    let failures = 0;
    api.failure = (operation) =>
      operation === 'DescribeSagOnlineClientStatistics' ||
      operation === 'DescribeSmartAccessGateways' ||
      failures++ > 0
        ? undefined
        : 'timeout';
    await clock.advance(HOUR);
    expect(loggedLines()).toEqual([
      expect.stringMatching(/^warn a pass failed: /),
      'info passes succeed again',
    ]);
    expect(lines[1]).toMatchObject({ failures: 1, seconds: 0 });
  });

  it('with a refused key has one line at the beginning and one at the end', async () => {
    api.failure = () => 'unauthenticated';
    await clock.advance(HOUR);
    expect(loggedLines()).toEqual([
      expect.stringMatching(/^error polling is paused until the credentials are accepted: /),
    ]);
    api.failure = () => undefined;
    await clock.advance(HOUR);
    expect(loggedLines().slice(1)).toEqual(['info the credentials are accepted; polling resumes']);
  });

  it('with a key that is accepted now and then has a handful of lines, and the last one is true', async () => {
    api.failure = (operation) =>
      operation === 'DescribeSmartAccessGatewayClientUsers' ? 'unauthenticated' : undefined;
    await clock.advance(HOUR);
    expect(loggedLines()).toEqual([
      expect.stringMatching(/^error polling is paused until the credentials are accepted: /),
      'info the credentials are accepted; polling resumes',
      expect.stringMatching(
        /^error polling is paused .* \(again; the next pauses are not logged\): /,
      ),
    ]);
    api.failure = () => undefined;
    await clock.advance(4 * MINUTE);
    expect(lines).toHaveLength(3);
    await clock.advance(2 * MINUTE + 30 * SECOND);
    expect(loggedLines().slice(3)).toEqual(['info the credentials are accepted; polling resumes']);
    await clock.advance(HOUR);
    expect(lines).toHaveLength(4);
  });
});

describe('failures that last', () => {
  it.each([
    ['unavailable', HOUR],
    ['forbidden', DAY],
  ] as const)(
    'are logged again after a while, with the newest request id: %s',
    async (kind, interval) => {
      const time = new ManualClock();
      const loggedLines: LogLine[] = [];
      const log = createLog({
        level: 'info',
        format: 'json',
        destination: { write: (line) => void loggedLines.push(JSON.parse(line) as LogLine) },
      });
      const failureLog = new FailureLog(time, log);
      const record = new StageRecord(time, MINUTE);
      const fail = (requestId: string) =>
        failureLog.failed(
          { stage: 'users', record, log },
          new ApiError({
            kind,
            operation: 'Describe',
            code: 'Odd',
            detail: 'it failed',
            requestId,
          }),
        );
      fail('first');
      await time.advance(interval - MINUTE);
      fail('second');
      await time.advance(MINUTE);
      fail('third');
      fail('fourth');
      expect(loggedLines.map(({ requestId }) => requestId)).toEqual(['first', 'third']);
      expect(loggedLines[1]).toMatchObject({
        level: 'warn',
        stage: 'users',
        operation: 'Describe',
        kind,
        code: 'Odd',
        failures: 3,
        msg: expect.stringMatching(/^passes still fail: /),
      });
    },
  );
});
