import { createHmac } from 'node:crypto';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Clock } from '../../src/clock.ts';

/** A complete response. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A key that lasts, and a temporary one with its security token. */
export const LASTING_AND_TEMPORARY = [
  { accessKeyId: 'testid', accessKeySecret: 'testsecret' },
  { accessKeyId: 'temporary', accessKeySecret: 'secret', securityToken: 'to+ken/=' },
];

/** The fields of a reply's body that tests read. */
export type Body = Record<string, unknown>;

/** Sends one request unchanged. Rejects with the socket's error. */
export function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | Buffer;
    readonly signal?: AbortSignal;
    /** @default a connection of its own */
    readonly agent?: Agent;
  } = {},
): Promise<Received> {
  const { method = 'GET', body, signal, agent = false } = options;
  // Node.js adds Content-Length only for methods that usually have a body.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const headers = { ...options.headers, ...length };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, headers, agent, ...(signal && { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: received } = response;
          resolve({
            status: statusCode,
            headers: received,
            text: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const RESERVED: Readonly<Record<string, string>> = {
  '+': '%20',
  '*': '%2A',
  '%7E': '~',
};

/** Encodes with URLSearchParams. As the simulator uses encodeURIComponent, a test notices an error in either. */
function encode(text: string): string {
  return new URLSearchParams({ '': text })
    .toString()
    .slice(1)
    .replace(/\+|\*|%7E/g, (match) => RESERVED[match] ?? match);
}

/** The signature of the documents, implemented independently of the simulator. */
export function sign(
  method: string,
  parameters: Readonly<Record<string, string>>,
  secret: string,
): string {
  let canonical = '';
  for (const name of Object.keys(parameters).sort()) {
    canonical += `&${encode(name)}=${encode(parameters[name] ?? '')}`;
  }
  const text = `${method}&${encode('/')}&${encode(canonical.slice(1))}`;
  return createHmac('sha1', `${secret}&`).update(text).digest('base64');
}

let nonce = 0;

/** Where the parameters are sent; `POST mixed` puts only the operation's own parameters in the body. */
export type Way = 'GET' | 'POST query' | 'POST form' | 'POST mixed';

export interface CallOptions {
  readonly way?: Way;
  readonly secret?: string;
  /** Common parameters to replace. An undefined value leaves the parameter out. */
  readonly common?: Readonly<Record<string, string | undefined>>;
  /** Changes the finished parameters, signature included. */
  readonly tamper?: (parameters: Record<string, string>) => void;
  /** @default a connection of its own */
  readonly agent?: Agent;
}

/** The common parameters of a call at the present time, with a new nonce. */
export function commonParameters(clock: Pick<Clock, 'now'>): Record<string, string> {
  return {
    Version: '2018-03-13',
    Format: 'JSON',
    AccessKeyId: 'testid',
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: `nonce-${++nonce}`,
    Timestamp: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

/** The server that calls go to, and its clock. */
export interface Target {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Makes one signed call and parses the JSON of the answer. */
export async function call(
  target: Target,
  operation: string,
  own: Readonly<Record<string, string>> = {},
  options: CallOptions = {},
): Promise<Received & { readonly body: Body }> {
  const received = await callFor(target, operation, own, options);
  return { ...received, body: JSON.parse(received.text) as Body };
}

/** Makes one signed call. The answer may have any format. */
export function callFor(
  { url, clock }: Target,
  operation: string,
  own: Readonly<Record<string, string>> = {},
  options: CallOptions = {},
): Promise<Received> {
  const { way = 'GET', secret = 'testsecret', common = {}, agent } = options;
  const method = way === 'GET' ? 'GET' : 'POST';
  const parameters: Record<string, string> = {};
  const all = { Action: operation, ...commonParameters(clock), ...common, ...own };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) parameters[name] = value;
  }
  if (!('Signature' in all)) parameters['Signature'] = sign(method, parameters, secret);
  options.tamper?.(parameters);

  const inBody = (name: string): boolean =>
    way === 'POST form' || (way === 'POST mixed' && name in own);
  const entries = Object.entries(parameters);
  const query = new URLSearchParams(entries.filter(([name]) => !inBody(name))).toString();
  const form = new URLSearchParams(entries.filter(([name]) => inBody(name))).toString();
  return send(`${url}/?${query}`, {
    method,
    ...(agent && { agent }),
    ...(form !== '' && {
      body: form,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  });
}
