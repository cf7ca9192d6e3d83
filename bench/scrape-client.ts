/* A scraper that does not inflate the bodies, since that would cost it more time than the server takes. */
import { once } from 'node:events';
import http from 'node:http';

export const ENCODINGS = ['gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const agent = new http.Agent({ keepAlive: true });

/** Scrapes once. Returns the milliseconds until the whole answer has arrived, and its bytes. */
export async function scrape(
  port: number,
  encoding: Encoding,
): Promise<{ ms: number; bytes: number }> {
  const startedAt = performance.now();
  const request = http.get({
    port,
    host: '127.0.0.1',
    path: '/metrics',
    agent,
    headers: { 'Accept-Encoding': encoding },
  });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(response, 'end');
  return { ms: performance.now() - startedAt, bytes };
}

/** Closes the connections that are kept open between scrapes. */
export function endScrapes(): void {
  agent.destroy();
}
