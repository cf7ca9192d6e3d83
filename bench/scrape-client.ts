/* A scraper that takes bodies as they come: to inflate them would cost it more than the server. */
import { once } from 'node:events';
import http from 'node:http';

export const ENCODINGS = ['gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const agent = new http.Agent({ keepAlive: true });

/** Milliseconds until a scrape has arrived whole, and its bytes. */
export async function scrape(
  port: number,
  encoding: Encoding,
): Promise<{ ms: number; bytes: number }> {
  const begun = performance.now();
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
  return { ms: performance.now() - begun, bytes };
}

/** Closes the connections that were kept. */
export function endScrapes(): void {
  agent.destroy();
}
