import type { Operation, Request } from '../../../src/smartag/operation.ts';
import { NEVER, startExchange } from '../calls.ts';
import { always } from '../transport/raw-server.ts';

/** Reads a reply in JSON with the real client. */
export async function replyOf<Req extends Request, Reply>(
  operation: Operation<Req, Reply>,
  request: Req,
  json: string | object,
): Promise<Reply> {
  const body = typeof json === 'string' ? json : JSON.stringify(json);
  const { client } = await startExchange(always(200, body));
  return client.call(operation, request, NEVER);
}

/** The parameters an operation sends, without the common ones. */
export async function parametersOf<Req extends Request, Reply>(
  operation: Operation<Req, Reply>,
  request: Req,
): Promise<Readonly<Record<string, string>>> {
  const { client, server } = await startExchange(always(200, '{"RequestId":"R-1"}'));
  // Operations with a list refuse this reply, but the parameters were sent.
  await client.call(operation, request, NEVER).catch(() => {});
  const form = server.requests[0]?.form ?? new URLSearchParams();
  return Object.fromEntries([...form].filter(([name]) => !COMMON.has(name)));
}

const COMMON = new Set([
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  'Timestamp',
  'Signature',
]);
