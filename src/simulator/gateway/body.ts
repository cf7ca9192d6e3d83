import type { IncomingMessage } from 'node:http';
import { apiFault } from './errors.ts';

/** Far more than any call needs: 50 names of 33 characters are 3 kB. */
const LARGEST_BODY = 256 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * The body of a POST; of other methods empty, whatever they send.
 *
 * @throws ApiFault RequestEntityTooLarge; the stream's error when the client goes away
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (request.method !== 'POST' || request.headers['content-length'] === '0') {
    // Unread bytes would hold up the next request of the connection.
    request.resume();
    return NOTHING;
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) {
        chunks.push(chunk);
        return;
      }
      request.removeAllListeners('data').resume();
      reject(apiFault('RequestEntityTooLarge'));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client went away'));
    });
  });
}

/** The text of a form; empty where the body is of another kind. */
export function formOf({ headers }: IncomingMessage, body: Buffer): string {
  const type = headers['content-type'] ?? '';
  const isForm = type === '' || /^application\/x-www-form-urlencoded\b/i.test(type);
  return isForm ? body.toString() : '';
}
