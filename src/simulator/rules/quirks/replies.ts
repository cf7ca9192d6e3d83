import { flag, integer, list, oneOf, text } from '../../../input/values.ts';
import { quirk } from './quirk.ts';

/** How replies are written, whatever they are about. */
export const REPLY_QUIRKS = {
  totalCount: quirk({
    takes: oneOf(['total', 'page']),
    byDefault: 'total',
    does: 'TotalCount of a page counts the entries of all pages, or only its own.',
    source: '"The number of entries returned" on the current page; the SDKs say the total',
    certainty: 'low',
  }),
  maxPageSize: quirk({
    takes: integer(1),
    byDefault: 100,
    does: 'Largest page of the list of users.',
    source:
      '100 on the older pages, silence on the current one; Alibaba Cloud CLI refuses more than 50 for other lists',
    certainty: 'medium',
  }),
  largePages: quirk({
    takes: oneOf(['cut', 'refused']),
    byDefault: 'cut',
    does: 'A larger page is cut to the largest, or refused with InvalidPageSize.',
    source: 'no page says it',
    certainty: 'low',
  }),
  defaultPageSize: quirk({
    takes: integer(1),
    byDefault: 10,
    does: 'PageSize where none is asked for.',
    source: '50 on one older page',
    certainty: 'low',
  }),
  pageField: quirk({
    takes: oneOf(['PageNumber', 'PageNo']),
    byDefault: 'PageNumber',
    does: "Name of the page's number in replies; requests may use either.",
    source: 'PageNo on one older page',
    certainty: 'low',
  }),
  echoedPageSize: quirk({
    takes: oneOf(['clamped', 'requested']),
    byDefault: 'clamped',
    does: 'PageSize in the reply when a larger one was asked for.',
    source: 'no page says it',
    certainty: 'low',
  }),
  lists: quirk({
    takes: oneOf(['wrapped', 'single-as-object', 'bare', 'empty-as-string', 'empty-missing']),
    byDefault: 'wrapped',
    does: 'Lists come wrapped as `{"Users":{"User":[…]}}`; or a single element comes without its list; or the list comes without its element; or an empty list comes as an empty text, or not at all.',
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
    does: 'Fields left out of replies, of one operation where that stands before them.',
    source: 'samples of older pages lack some fields, ClientIp for one',
    certainty: 'medium',
  }),
  bigIntegers: quirk({
    takes: flag(),
    byDefault: false,
    does: 'Integers are as wide as their type: SmartAGUid has 19 digits, and AccelerateBandwidth without a limit is 2^63 - 1.',
    source: 'the type Long of the pages',
    certainty: 'low',
  }),
};
