import { z } from 'zod';
import { flag } from '../../../input/values.ts';
import { httpStatus } from '../values.ts';
import { choice, quirk, toggle } from './quirk.ts';

export const PROTOCOL_QUIRKS = {
  defaultFormat: choice(['JSON', 'XML'], {
    does: 'Format of the answer when the request names none.',
    source: "the product's page says JSON, the general page says XML",
    certainty: 'medium',
  }),
  xmlRoot: choice(['response', 'operation'], {
    does: "Root element of XML replies: the operation's name followed by `Response`, or the name alone.",
    source: 'samples of older pages have the name alone',
    certainty: 'low',
  }),
  denial: choice(['Forbidden', 'Forbidden.RAM', 'NoPermission'], {
    does: 'Code of a denial. The operations of STS always use NoPermission.',
    source: 'other products use the other codes',
    certainty: 'medium',
  }),
  accessDeniedDetail: toggle({
    does: 'Denials have AccessDeniedDetail, which says who was denied which operation.',
    source: "Alibaba's SDK core reads it; other products send it",
    certainty: 'medium',
  }),
  missingParameter: choice(['named', 'general'], {
    does: 'A missing parameter is answered with MissingRegionId and so on and status 400, or with MissingParameter and 403.',
    source: 'the error page of the product has the second form',
    certainty: 'medium',
  }),
  rateLimitHeaders: quirk({
    takes: flag(),
    byDefault: true,
    does: 'Throttled replies say in X-RateLimit-User-API or X-RateLimit-User how long the refusal lasts.',
    source: "Alibaba's SDKs in six languages read these headers",
    certainty: 'medium',
  }),
  httpStatus: quirk({
    takes: z.record(z.string(), httpStatus(), { error: 'a mapping of codes to statuses' }),
    byDefault: {},
    does: 'Status of errors, by code, in place of the documented status.',
    source: 'pages give some codes different statuses',
    certainty: 'medium',
  }),
  recommendHost: quirk({
    takes: z.string({ error: 'a host, or nothing' }),
    byDefault: 'api.aliyun.com',
    does: 'Host of the link in Recommend. With an empty text there is no Recommend.',
    source: 'public error reports show several hosts',
    certainty: 'high',
  }),
};
