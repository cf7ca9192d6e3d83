import { integer, list, text } from '../../../input/values.ts';
import { choice, quirk, toggle } from './quirk.ts';

export const REPLY_QUIRKS = {
  totalCount: choice(['total', 'page'], {
    does: 'TotalCount counts the entries of all pages, or only of this page.',
    source:
      'the current page says "The number of entries returned"; the SDKs say that it is the total',
    certainty: 'low',
  }),
  maxPageSize: quirk({
    takes: integer(1),
    byDefault: 100,
    does: 'Largest page size of the list of users.',
    source:
      'the older pages say 100, the current page gives no maximum; Alibaba Cloud CLI refuses more than 50 for other lists',
    certainty: 'medium',
  }),
  largePages: choice(['cut', 'refused'], {
    does: 'A larger PageSize is cut to the largest, or refused with InvalidPageSize.',
    source: 'not documented',
    certainty: 'low',
  }),
  defaultPageSize: quirk({
    takes: integer(1),
    byDefault: 10,
    does: 'PageSize when the request has none.',
    source: 'one older page says 50',
    certainty: 'low',
  }),
  pageField: choice(['PageNumber', 'PageNo'], {
    does: 'Name of the page number in replies. Requests may use either name.',
    source: 'one older page has PageNo',
    certainty: 'low',
  }),
  echoedPageSize: choice(['clamped', 'requested'], {
    does: 'PageSize in the reply when the request asked for a larger one: the size used, or the size asked for.',
    source: 'not documented',
    certainty: 'low',
  }),
  lists: choice(['wrapped', 'single-as-object', 'bare', 'empty-as-string', 'empty-missing'], {
    does: 'Lists are wrapped as `{"Users":{"User":[…]}}`; or a single element has no list around it; or the list has no inner name (`{"Users":[…]}`); or an empty list is an empty text, or is left out.',
    source:
      "the skill reports the first three forms for other operations; they would break Alibaba's own typed SDKs",
    certainty: 'low',
  }),
  numbersAsStrings: toggle({
    does: 'Every number of a reply is written as a string.',
    source: 'pages and samples give different types',
    certainty: 'low',
  }),
  omit: quirk({
    takes: list(text('a field such as ClientIp or DescribeUserOnlineClients.ClientIp')),
    byDefault: [],
    does: 'Fields that replies leave out. With an operation before the field, only its replies do.',
    source: 'samples of older pages lack some fields, such as ClientIp',
    certainty: 'medium',
  }),
  bigIntegers: toggle({
    does: 'Integers use the whole range of their type: SmartAGUid has 19 digits, and AccelerateBandwidth without a limit is 2^63 - 1.',
    source: 'the pages give these fields the type Long',
    certainty: 'low',
  }),
};
