import { z } from 'zod';
import { flag, integer, list, oneOf, text } from '../../input/values.ts';
import type { Quirks } from '../quirks.ts';
import { httpStatus } from './values.ts';

const statuses = z.record(z.string(), httpStatus(), { error: 'a mapping of codes to statuses' });

/** The quirks as people write them: each is left as it is where it is not given. */
export const QUIRK_KEYS = {
  total_count: oneOf(['total', 'page'])
    .optional()
    .describe('TotalCount of a page: of all pages, or of its own entries.'),
  max_page_size: integer(1).optional().describe('Largest page of the list of users.'),
  large_pages: oneOf(['cut', 'refused'])
    .optional()
    .describe('A larger page is cut to the largest, or refused with InvalidPageSize.'),
  default_page_size: integer(1).optional().describe('PageSize where none is asked for.'),
  page_field: oneOf(['PageNumber', 'PageNo'])
    .optional()
    .describe("Name of the page's number in replies."),
  echoed_page_size: oneOf(['clamped', 'requested'])
    .optional()
    .describe('PageSize in the reply when a larger one was asked for.'),
  lists: oneOf(['wrapped', 'single-as-object', 'bare', 'empty-as-string', 'empty-missing'])
    .optional()
    .describe('How lists come: all alike, or a single or empty one otherwise.'),
  numbers_as_strings: flag().optional().describe('Every number of a reply as a string.'),
  online_time: oneOf(['seconds', 'milliseconds']).optional().describe('Unit of OnlineTime.'),
  omit: list(text('a field such as ClientIp or DescribeUserOnlineClients.ClientIp'))
    .optional()
    .describe('Fields left out of replies, of one operation where that stands before them.'),
  big_integers: flag().optional().describe('Integers of up to 19 digits.'),
  counts_as_numbers: flag().optional().describe('OnlineCount as a number instead of a string.'),
  statistics_key: oneOf(['Statistics', 'statistics'])
    .optional()
    .describe('Name of the lists of statistics.'),
  unknown_user: oneOf(['empty', 'name-invalid'])
    .optional()
    .describe('Answer of DescribeUserOnlineClients about a possible name that nobody has.'),
  statistics_omit: oneOf(['unknown', 'offline', 'nobody'])
    .optional()
    .describe('Names that the statistics leave out instead of giving them 0.'),
  large_batches: oneOf(['refused', 'cut'])
    .optional()
    .describe('More than 50 names or ids are refused, or the rest is ignored.'),
  totals_without_ids: oneOf(['region', 'none'])
    .optional()
    .describe('What DescribeSagOnlineClientStatistics counts without ids.'),
  bytes_as_numbers: flag().optional().describe('TotalBytes and TotalLeaveBytes as numbers.'),
  traffic_month: oneOf(['UTC', 'Asia/Shanghai'])
    .optional()
    .describe('Where a month of traffic begins at midnight.'),
  no_address: oneOf(['absent', 'empty'])
    .optional()
    .describe('ClientIp of a user who has no address.'),
  static_ip: oneOf(['number', 'boolean'])
    .optional()
    .describe('IsStaticIp as 0 and 1, or as false and true.'),
  max_bandwidth: oneOf(['M', ' M', 'Mbps', ''])
    .optional()
    .describe('What stands behind the figure of MaxBandwidth.'),
  default_format: oneOf(['JSON', 'XML']).optional().describe('Format where none is asked for.'),
  xml_root: oneOf(['response', 'operation'])
    .optional()
    .describe("Root of XML replies: with or without `Response` behind the operation's name."),
  denial: oneOf(['Forbidden', 'Forbidden.RAM', 'NoPermission'])
    .optional()
    .describe('Code of a denial.'),
  access_denied_detail: flag().optional().describe('Denials tell who was denied what.'),
  missing_parameter: oneOf(['named', 'general'])
    .optional()
    .describe('MissingRegionId with 400 and so on, or MissingParameter with 403.'),
  http_status: statuses
    .optional()
    .describe('Status of errors, by code, in place of the one documented.'),
  recommend_host: z
    .string({ error: 'a host, or nothing' })
    .optional()
    .describe('Host of the link in Recommend; an empty one leaves that out.'),
};

type Camel<Key extends string> = Key extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Key;

/** What was written, by the names of the code; so the compiler holds it against the quirks there are. */
type Given = {
  [Key in keyof typeof QUIRK_KEYS as Camel<Key>]?: Exclude<
    z.output<(typeof QUIRK_KEYS)[Key]>,
    undefined
  >;
};

/** The quirks that were given. */
export function toQuirks(written: Readonly<Record<string, unknown>>): Partial<Quirks> {
  const given: Given = Object.fromEntries(
    Object.entries(written)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [camelCase(key), value]),
  );
  return given;
}

const camelCase = (key: string): string =>
  key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
