import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';

/** An answer of a server. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The TLS version and cipher, if the connection uses TLS. */
  readonly tls?: { readonly protocol: string | null; readonly cipher: string };
}

/** Makes a request on a new connection. @throws Error when the answer is incomplete */
export function ask(url: string, options: https.RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(url, { agent: false, ...options }, (response) => {
      const { socket } = response;
      const tls = 'getProtocol' in socket ? agreedOn(socket as TLSSocket) : undefined;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          ...(tls && { tls }),
        }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}

function agreedOn(socket: TLSSocket): NonNullable<Answer['tls']> {
  return { protocol: socket.getProtocol(), cipher: socket.getCipher().standardName };
}
