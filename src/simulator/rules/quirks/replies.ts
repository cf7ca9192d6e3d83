import { flag, integer, list, oneOf, text } from '../../../input/values.ts';
import { quirk } from './quirk.ts';

/** Quirks of how replies are written, for all operations. */
export const REPLY_QUIRKS = {
  totalCount: quirk({
    takes: oneOf(['total', 'page']),
    byDefault: 'total',
    does: 'TotalCount counts the entries of all pages, or only of this page.',
    source: '"The number of entries returned" on the current page; the SDKs say the total',
    certainty: 'low',
  }),
  maxPageSize: quirk({
    takes: integer(1),
    byDefault: 100,
    does: 'Largest page size of the list of users.',
    source:
      '100 on the older pages, silence on the current one; Alibaba Cloud CLI refuses more than 50 for other lists',
    certainty: 'medium',
  }),
  largePages: quirk({
    takes: oneOf(['cut', 'refused']),
    byDefault: 'cut',
    does: 'A larger PageSize is cut to the largest, or refused with InvalidPageSize.',
    source: 'no page says it',
    certainty: 'low',
  }),
  defaultPageSize: quirk({
    takes: integer(1),
    byDefault: 10,
    does: 'PageSize when the request has none.',
    source: '50 on one older page',
    certainty: 'low',
  }),
  pageField: quirk({
    takes: oneOf(['PageNumber', 'PageNo']),
    byDefault: 'PageNumber',
    does: 'Name of the page number in replies. Requests may use either name.',
    source: 'PageNo on one older page',
    certainty: 'low',
  }),
  echoedPageSize: quirk({
    takes: oneOf(['clamped', 'requested']),
    byDefault: 'clamped',
    does: 'PageSize in the reply when the request asked for a larger one: the size used, or the size asked for.',
    source: 'no page says it',
    certainty: 'low',
  }),
  lists: quirk({
    takes: oneOf(['wrapped', 'single-as-object', 'bare', 'empty-as-string', 'empty-missing']),
    byDefault: 'wrapped',
    does: 'Lists are wrapped as `{"Users":{"User":[…]}}`; or a single element has no list around it; or the list has no inner name (`{"Users":[…]}`); or an empty list is an empty text, or is left out.',
    source:
      "the skill reports the first three of other operations; they would break Alibaba's own typed SDKs",
    certainty: 'low',
  }),
  numbersAsStrings: quirk({
    takes: flag(),
    byDefault: false,
    does: 'Every number of a reply is written as a string.',
    source: 'types differ between pages and samples',
    certainty: 'low',
  }),
  omit: quirk({
    takes: list(text('a field such as ClientIp or DescribeUserOnlineClients.ClientIp')),
    byDefault: [],
    does: 'Fields that replies leave out. With an operation before the field, only its replies do.',
    source: 'samples of older pages lack some fields, ClientIp for one',
    certainty: 'medium',
  }),
  bigIntegers: quirk({
    takes: flag(),
    byDefault: false,
    does: 'Integers use the whole range of their type: SmartAGUid has 19 digits, and AccelerateBandwidth without a limit is 2^63 - 1.',
    source: 'the type Long of the pages',
    certainty: 'low',
  }),
};
