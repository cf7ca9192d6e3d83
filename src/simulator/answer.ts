import type { ServerResponse } from 'node:http';
import type { ApiFault } from './errors.ts';
import type { Disruption } from './faults.ts';

/** A complete HTTP answer, before anything disturbs it. */
export interface Answer {
  /** What the request log calls it. */
  readonly code: string;
  readonly httpStatus: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json;charset=utf-8';

/** A reply of an operation, or of anything else that went well. */
export function reply(body: string): Answer {
  return { code: 'OK', httpStatus: 200, contentType: JSON_TYPE, body, headers: {} };
}

/** The error body of the API: RequestId, HostId, Code, Message, Recommend. */
export function errorReply(fault: ApiFault, requestId: string, hostId: string): Answer {
  const { code, httpStatus, message, headers } = fault;
  const body = JSON.stringify({
    RequestId: requestId,
    HostId: hostId,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Smartag`,
  });
  return { code, httpStatus, contentType: JSON_TYPE, body, headers };
}

/** The answer that a disruption puts in place of the proper one; undefined: it only spoils the way. */
export function disruptedAnswer(disruption: Disruption, requestId: string): Answer | undefined {
  if ('html' in disruption) {
    const { html: httpStatus } = disruption;
    const title = `${httpStatus} ${HTML_TITLES[httpStatus] ?? 'Error'}`;
    const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>Tengine</center>\r\n</body>\r\n</html>\r\n`;
    return { code: 'html', httpStatus, contentType: 'text/html', body, headers: {} };
  }
  if ('empty' in disruption) {
    const { empty: httpStatus } = disruption;
    return { code: 'empty', httpStatus, contentType: JSON_TYPE, body: '', headers: {} };
  }
  if ('status500WithoutCode' in disruption) {
    const body = JSON.stringify({ RequestId: requestId });
    return {
      code: 'status500WithoutCode',
      httpStatus: 500,
      contentType: JSON_TYPE,
      body,
      headers: {},
    };
  }
  if ('body' in disruption) {
    const { body, httpStatus, contentType = JSON_TYPE } = disruption;
    return { code: 'body', httpStatus, contentType, body, headers: {} };
  }
  return undefined;
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
