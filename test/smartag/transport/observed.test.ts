import { expect, it } from 'vitest';
import { ApiError } from '../../../src/model/api-error.ts';
import type { Client, Operation, Request } from '../../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { type CallRecord, observed } from '../../../src/smartag/transport/observed.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { NEVER, READ } from '../calls.ts';

/** Calls an API that answers after a quarter of a second, and returns what the observer was told. */
async function recordsOf(
  end: () => unknown,
  request: Partial<Request> = {},
): Promise<readonly CallRecord[]> {
  const clock = new ManualClock();
  const records: CallRecord[] = [];
  const api: Client = {
    async call<Req extends Request, Reply>(operation: Operation<Req, Reply>): Promise<Reply> {
      await clock.advance(250);
      return operation.reply.parse(end());
    },
  };
  const client = observed(api, { clock, onCall: (record) => records.push(record) });
  const call = client.call(describeUserOnlineClients, { ...READ, ...request }, NEVER);
  await call.catch(() => {});
  return records;
}

it('a call that succeeds is reported with its duration', async () => {
  expect(await recordsOf(() => ({ Users: '' }))).toEqual([
    { operation: 'DescribeUserOnlineClients', seconds: 0.25 },
  ]);
});

it('a call that fails is reported with its error', async () => {
  const error = new ApiError({ kind: 'throttled', operation: 'X', detail: 'no' });
  const records = await recordsOf(() => {
    throw error;
  });
  expect(records).toEqual([{ operation: 'DescribeUserOnlineClients', seconds: 0.25, error }]);
});

it('a call that the exporter aborted is not reported', async () => {
  const records = await recordsOf(() => {
    throw new DOMException('stopped', 'AbortError');
  });
  expect(records).toEqual([]);
});

it('a host name that does not resolve is reported, except on trial', async () => {
  const error = new ApiError({ kind: 'network', operation: 'X', detail: '', isUnresolved: true });
  const end = () => {
    throw error;
  };
  expect(await recordsOf(end)).toHaveLength(1);
  expect(await recordsOf(end, { isTrial: true })).toEqual([]);
});
