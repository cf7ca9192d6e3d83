import type { Product } from '../operations/operation.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { ApiFault } from './errors.ts';
import type { Reply } from './reply.ts';
import { omittedFields, writeJson } from './write-reply.ts';
import { writeXml } from './xml.ts';

export interface Answer {
  /** The answer's name in the request log: `OK`, the code of the error, or the name of the fault. */
  readonly code: string;
  /** 0 when no status is sent. */
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /**
   * `whole`: the caller gets the answer; `cut`: the connection closes in the middle of the body;
   * `reset`: it closes before any byte; `held`: it stays open, and nothing is sent.
   */
  readonly delivery: 'whole' | 'cut' | 'reset' | 'held';
}

/** The format that a request asks for (common parameters page, Format). */
export type Format = 'JSON' | 'XML';

const CONTENT_TYPE = 'content-type';
const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  JSON: 'application/json;charset=utf-8',
  XML: 'text/xml;charset=utf-8',
};

/** Returns the format that a text names, in upper or lower case; undefined when it names none. */
export function formatNamed(text: string): Format | undefined {
  const format = text.toUpperCase();
  return format === 'JSON' || format === 'XML' ? format : undefined;
}

export function reply(body: Reply, operation: string, format: Format, quirks: Quirks): Answer {
  return {
    code: 'OK',
    httpStatus: 200,
    headers: { [CONTENT_TYPE]: CONTENT_TYPES[format] },
    body:
      format === 'JSON'
        ? writeJson(body, operation, quirks)
        : writeXml(
            quirks.xmlRoot === 'response' ? `${operation}Response` : operation,
            body,
            omittedFields(operation, quirks),
          ),
    delivery: 'whole',
  };
}

export interface ErrorContext {
  readonly requestId: string;
  readonly hostId: string;
  readonly product: Product;
  readonly format: Format;
  readonly quirks: Quirks;
}

/** The error body of the API: RequestId, HostId, Code, Message, Recommend; in XML under `Error`. */
export function errorReply(fault: ApiFault, context: ErrorContext): Answer {
  const { code, message, headers, fields } = fault;
  const { requestId, hostId, product, format, quirks } = context;
  const { recommendHost } = quirks;
  const query = `q=${encodeURIComponent(code)}&product=${product}&requestId=${requestId}`;
  const body: Reply = {
    RequestId: requestId,
    HostId: hostId,
    Code: code,
    Message: message,
    Recommend: recommendHost === '' ? undefined : `https://${recommendHost}/troubleshoot?${query}`,
    ...fields,
  };
  return {
    code,
    httpStatus: statusOf(fault, quirks),
    headers: { [CONTENT_TYPE]: CONTENT_TYPES[format], ...headers },
    body: format === 'JSON' ? JSON.stringify(body) : writeXml('Error', body, new Set()),
    delivery: 'whole',
  };
}

function statusOf({ code, httpStatus }: ApiFault, { httpStatus: switched }: Quirks): number {
  // The code of a fault may be any text, for example the name of a property that every object has.
  return (Object.hasOwn(switched, code) ? switched[code] : undefined) ?? httpStatus;
}

/** The error page of a proxy in front of the API. */
export function htmlPage(httpStatus: number): Answer {
  const title = `${httpStatus} ${HTML_TITLES[httpStatus] ?? 'Error'}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n`;
  return bodyAnswer('html', httpStatus, body, 'text/html');
}

export function bodyAnswer(
  code: string,
  httpStatus: number,
  body: string,
  contentType: string = CONTENT_TYPES.JSON,
): Answer {
  return { code, httpStatus, headers: { [CONTENT_TYPE]: contentType }, body, delivery: 'whole' };
}

export function silence(code: string, delivery: 'reset' | 'held'): Answer {
  return { code, httpStatus: 0, headers: {}, body: '', delivery };
}

const HTML_TITLES: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};
