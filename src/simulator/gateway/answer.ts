import type { ServerResponse } from 'node:http';
import type { Product } from '../operations/operation.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { ApiFault } from './errors.ts';
import { omittedFields, type Reply, writeJson } from './reply.ts';
import { writeXml } from './xml.ts';

/** A complete HTTP answer, before anything disturbs it. */
export interface Answer {
  /** What the request log calls it. */
  readonly code: string;
  readonly httpStatus: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** In which a request wants its answer (common parameters page, Format). */
export type Format = 'JSON' | 'XML';

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  JSON: 'application/json;charset=utf-8',
  XML: 'text/xml;charset=utf-8',
};

/** Undefined where the text, in whatever case, names no format. */
export function formatNamed(text: string): Format | undefined {
  const format = text.toUpperCase();
  return format === 'JSON' || format === 'XML' ? format : undefined;
}

/** A reply of `operation`. */
export function reply(body: Reply, operation: string, format: Format, quirks: Quirks): Answer {
  return {
    code: 'OK',
    httpStatus: 200,
    contentType: CONTENT_TYPES[format],
    body:
      format === 'JSON'
        ? writeJson(body, operation, quirks)
        : writeXml(
            quirks.xmlRoot === 'response' ? `${operation}Response` : operation,
            body,
            omittedFields(operation, quirks),
          ),
    headers: {},
  };
}

/** Which request an error answers. */
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
    contentType: CONTENT_TYPES[format],
    body: format === 'JSON' ? JSON.stringify(body) : writeXml('Error', body, new Set()),
    headers,
  };
}

function statusOf({ code, httpStatus }: ApiFault, { httpStatus: switched }: Quirks): number {
  // The code of a fault may be any text, also the name of something every object has.
  return (Object.hasOwn(switched, code) ? switched[code] : undefined) ?? httpStatus;
}

/** The error page of a proxy in front of the API. */
export function htmlPage(httpStatus: number): Answer {
  const title = `${httpStatus} ${HTML_TITLES[httpStatus] ?? 'Error'}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n`;
  return { code: 'html', httpStatus, contentType: 'text/html', body, headers: {} };
}

/** Any text that says it is JSON. */
export function jsonAnswer(code: string, httpStatus: number, body: string): Answer {
  return { code, httpStatus, contentType: CONTENT_TYPES.JSON, body, headers: {} };
}

/** Texts of the statuses a proxy in front of the API gives. */
const HTML_TITLES: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** Writes an answer; `cut` closes the connection in the middle of the body. */
export function send(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
  way: 'whole' | 'cut' = 'whole',
): void {
  const { body, httpStatus, contentType, headers } = answer;
  response.writeHead(httpStatus, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-acs-request-id': requestId,
    ...headers,
  });
  if (way === 'whole') {
    // As a string: Node then sends head and body in one write.
    response.end(body);
    return;
  }
  response.write(body.slice(0, body.length >> 1), () => response.destroy());
}
