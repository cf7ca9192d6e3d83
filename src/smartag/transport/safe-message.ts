/**
 * After these words, the message echoes the signed request with keys, token and password. The bounded
 * repetitions prevent quadratic time for a long message of blanks or dots.
 */
const ECHO = /\W{0,10}(server\s{1,10})?string\s*to\s*sign\b.*/is;

const ADDRESS = /https?:\/\/\S+/gi;

/** A secret parameter with its value; the equals sign is plain or percent-encoded. */
const PARAMETER =
  /\b(AccessKeyId|AccessKeySecret|SecurityToken|Signature|Password)(=|%(25)*3D)[^&\s]*/gi;

/** A mail address; the API's own sentences contain none. */
const MAIL = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}/g;

/** A signature on its own: an HMAC-SHA1 in base64, plain or percent-encoded. */
const SIGNATURE = /([a-z\d+/]|%(25)*2[BF]){27}(=|%(25)*3D)/gi;

/** Maximum number of characters of a message; the API's own sentences are shorter. */
const LONGEST = 300;

/**
 * Makes the API's message safe to log and show. Removes the echoed string to sign, addresses, signatures,
 * values of secret parameters, mail addresses, line breaks and all of the `secrets`, raw or percent-encoded.
 * The result is well-formed Unicode, as the secrets must be.
 */
export function safeMessage(message: string, secrets: readonly string[]): string {
  let safe = message.replace(ECHO, '').replace(ADDRESS, '<address>');
  for (const form of formsOf(secrets)) safe = safe.replaceAll(form, '<hidden>');
  safe = safe.replace(PARAMETER, '$1=<hidden>').replace(SIGNATURE, '<hidden>');
  safe = safe.replace(MAIL, '<hidden>');
  safe = safe.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
  // Half a character may be left at the end of the message, or where it was cut.
  return safe.toWellFormed();
}

/** The longest forms are replaced first, because one secret may contain another: a token may contain its key id. */
function formsOf(secrets: readonly string[]): readonly string[] {
  return secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => {
      const plain = encodeURIComponent(secret);
      const strict = encodeStrictly(secret);
      return [secret, plain, encodeURIComponent(plain), strict, encodeURIComponent(strict)];
    })
    .sort((one, other) => other.length - one.length);
}

/** Percent-encodes a text as signatures do, including the characters `!'()*`. */
function encodeStrictly(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
