import { z } from 'zod';
import { flag, oneOf } from '../../../input/values.ts';
import { httpStatus } from '../../control/values.ts';
import { quirk } from './quirk.ts';

/** How the gateway in front of the operations answers. */
export const PROTOCOL_QUIRKS = {
  defaultFormat: quirk({
    takes: oneOf(['JSON', 'XML']),
    byDefault: 'JSON',
    does: 'Format where none is asked for.',
    source: "JSON on the product's page, XML on the general one",
    certainty: 'medium',
  }),
  xmlRoot: quirk({
    takes: oneOf(['response', 'operation']),
    byDefault: 'response',
    does: "Root of XML replies: the operation's name with `Response` behind it, or alone.",
    source: 'samples of older pages',
    certainty: 'low',
  }),
  denial: quirk({
    takes: oneOf(['Forbidden', 'Forbidden.RAM', 'NoPermission']),
    byDefault: 'Forbidden',
    does: 'Code of a denial; the operations of STS keep to NoPermission.',
    source: 'the other codes are those of other products',
    certainty: 'medium',
  }),
  accessDeniedDetail: quirk({
    takes: flag(),
    byDefault: false,
    does: 'Denials tell in AccessDeniedDetail who was denied what.',
    source: "Alibaba's SDK core reads it; seen of other products",
    certainty: 'medium',
  }),
  missingParameter: quirk({
    takes: oneOf(['named', 'general']),
    byDefault: 'named',
    does: 'A missing parameter is answered with MissingRegionId and so on and status 400, or with MissingParameter and 403.',
    source: 'the second stands on the error page of the product',
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
    does: 'Status of errors, by code, in place of the documented one.',
    source: 'pages give some codes different statuses',
    certainty: 'medium',
  }),
  recommendHost: quirk({
    takes: z.string({ error: 'a host, or nothing' }),
    byDefault: 'api.aliyun.com',
    does: 'Host of the link in Recommend; an empty one leaves Recommend out.',
    source: 'public error reports show several hosts',
    certainty: 'high',
  }),
};
