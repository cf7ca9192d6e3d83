import { createHash, createHmac } from 'node:crypto';
import type { Body, Received, Target } from '../client.ts';
import { send } from '../client.ts';

export interface Acs3Options {
  /** @default 'POST query' */
  readonly way?: 'GET' | 'POST query' | 'POST form';
  readonly version?: string;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly securityToken?: string;
  /** Headers to replace before signing. An undefined value leaves the header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Headers that are sent but not signed. */
  readonly unsigned?: readonly string[];
  /** Changes the request after it is signed. */
  readonly tamper?: (sent: {
    query: string;
    body: string;
    headers: Record<string, string>;
  }) => void;
}

let nonce = 0;

const encode = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9\-_.~]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The Authorization header of the documents, implemented independently of the simulator. */
export function authorize(request: {
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly unsigned?: readonly string[];
  readonly accessKeyId: string;
  readonly secret: string;
}): string {
  const { method, parameters, headers, unsigned = [], accessKeyId, secret } = request;
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');
  const names = Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .filter((name) => !unsigned.includes(name))
    .sort();
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
  const signedHeaders = names.join(';');
  const canonical = `${method}\n/\n${query}\n${lines}\n${signedHeaders}\n${headers['x-acs-content-sha256'] ?? ''}`;
  const signature = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${hash(canonical)}`)
    .digest('hex');
  return `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

/** Makes one call with an ACS3 signature. */
export async function callAcs3(
  { url, clock }: Target,
  operation: string,
  own: Readonly<Record<string, string>> = {},
  options: Acs3Options = {},
): Promise<Received & { readonly body: Body }> {
  const { way = 'POST query', version = '2018-03-13', accessKeyId = 'testid' } = options;
  const { secret = 'testsecret', securityToken } = options;
  const method = way === 'GET' ? 'GET' : 'POST';
  const encoded = new URLSearchParams(own).toString();
  const form = way === 'POST form' ? encoded : '';
  const headersToSend: Record<string, string | undefined> = {
    host: new URL(url).host,
    accept: 'application/json',
    ...(form !== '' && { 'content-type': 'application/x-www-form-urlencoded' }),
    'x-acs-action': operation,
    'x-acs-version': version,
    'x-acs-date': new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': `acs3-${++nonce}`,
    'x-acs-content-sha256': hash(form),
    ...(securityToken !== undefined && {
      'x-acs-accesskey-id': accessKeyId,
      'x-acs-security-token': securityToken,
    }),
    ...options.headers,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(headersToSend)) {
    if (value !== undefined) headers[name] = value;
  }
  const parameters = form === '' ? own : {};
  const { unsigned = [] } = options;
  const signed = authorize({ method, parameters, headers, unsigned, accessKeyId, secret });
  headers['authorization'] ??= signed;
  const sent = { query: form === '' ? encoded : '', body: form, headers };
  options.tamper?.(sent);
  const received = await send(`${url}/?${sent.query}`, {
    method,
    headers: sent.headers,
    ...(sent.body !== '' && { body: sent.body }),
  });
  const isJson = received.text.startsWith('{');
  return { ...received, body: isJson ? (JSON.parse(received.text) as Body) : {} };
}
