/** Everything from here on is the signed request, echoed: keys, token, password and all. */
const ECHO = /\W*(server\s+)?string\s*to\s*sign\b.*/is;

const ADDRESS = /https?:\/\/\S+/gi;

/** Long enough for the API's own sentences; what is longer is no sentence. */
const LONGEST = 300;

/**
 * The API's message as it may be logged and shown: without the echoed string to sign, addresses,
 * line breaks or any of the `secrets`, raw or percent-encoded.
 */
export function safeMessage(message: string, secrets: readonly string[]): string {
  let safe = message.replace(ECHO, '').replace(ADDRESS, '<address>');
  for (const secret of secrets) {
    if (secret === '') continue;
    const once = encodeURIComponent(secret);
    for (const form of [secret, once, encodeURIComponent(once)]) {
      safe = safe.replaceAll(form, '<hidden>');
    }
  }
  return safe.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
}
