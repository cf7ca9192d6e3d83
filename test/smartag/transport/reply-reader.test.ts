import { expect, it } from 'vitest';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { ReplyReader } from '../../../src/smartag/transport/reply-reader.ts';

const REQUEST = { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'ann' };
const WITHOUT_LIST = { RequestId: 'made-up' };
const WITH_LIST = { ...WITHOUT_LIST, Users: { User: [] } };

const read = (reader: ReplyReader, body: unknown) =>
  reader.read(describeUserOnlineClients, REQUEST, body);

it('a part that the server leaves out is known to the next process', () => {
  const before = new ReplyReader();
  expect(() => read(before, WITHOUT_LIST)).toThrow('lacks the list Users');
  expect(read(before, WITHOUT_LIST)).toEqual([]);
  expect(before.partsLeftOut).toEqual(['DescribeUserOnlineClients the list Users']);
  expect(read(new ReplyReader(before.partsLeftOut), WITHOUT_LIST)).toEqual([]);
});

it('a part that the server sends is not: the next process finds out itself whether that is still so', () => {
  const before = new ReplyReader();
  read(before, WITH_LIST);
  const after = new ReplyReader(before.partsLeftOut);
  expect(() => read(after, WITHOUT_LIST)).toThrow('lacks the list Users');
  expect(read(after, WITHOUT_LIST)).toEqual([]);
});
