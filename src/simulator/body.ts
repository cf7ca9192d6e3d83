import type { IncomingMessage } from 'node:http';
import { apiFault } from './errors.ts';

/** Far more than any call needs: 50 names of 33 characters are 3 kB. */
const LARGEST_BODY = 256 * 1024;

/**
 * The form body of a request as text; empty where there is none, or one of another kind.
 *
 * @throws ApiFault RequestEntityTooLarge; the stream's error when the client goes away
 */
export async function readForm(request: IncomingMessage): Promise<string> {
  const type = request.headers['content-type'] ?? '';
  const isForm = type === '' || /^application\/x-www-form-urlencoded\b/i.test(type);
  if (request.method !== 'POST' || !isForm) {
    // Unread bytes would hold up the next request of the connection.
    request.resume();
    return '';
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
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client went away'));
    });
  });
}
