import { z } from 'zod';
import { parseGoDuration } from '../../input/duration.ts';
import { flag, integer, list, oneOf, section, text } from '../../input/values.ts';
import { CIPHERS, CURVES, TLS_VERSIONS } from './names.ts';
import { CLIENT_AUTHS } from './web-config.ts';

const pem = (kind: string) => text(`${kind} in PEM`, /-----BEGIN /);
const path = () => text('the path of a file');

const nameIn = (kind: string, table: Readonly<Record<string, string>>) => {
  const error = `${kind}: ${Object.keys(table).join(', ')}`;
  return z.string({ error }).refine((name) => Object.hasOwn(table, name), { error });
};

const tlsVersion = () => nameIn('a version of TLS that is secure', TLS_VERSIONS);

export const tlsServer = section({
  cert: pem('a certificate').optional().describe('The certificate of the server.'),
  cert_file: path().optional().describe('File with the certificate of the server.'),
  key: pem('a private key').optional().describe('The private key of the server.'),
  key_file: path().optional().describe('File with the private key of the server.'),
  client_auth_type: oneOf([...CLIENT_AUTHS, 'RequireClientCert'])
    .prefault('NoClientCert')
    .describe(
      'Whether clients need a certificate; only RequireAndVerifyClientCert refuses clients of other CAs.',
    ),
  client_ca: pem('a certificate')
    .optional()
    .describe('Certificates of the CA that signs the certificates of clients.'),
  client_ca_file: path().optional().describe('File with the certificates of that CA.'),
  client_allowed_sans: list(text('a name'))
    .prefault([])
    .describe(
      'The certificate of a client must have one of these names; an empty list accepts any name.',
    ),
  min_version: tlsVersion().prefault('TLS12').describe('Oldest version of TLS.'),
  max_version: tlsVersion().prefault('TLS13').describe('Newest version of TLS.'),
  cipher_suites: list(nameIn('a cipher suite', CIPHERS))
    .prefault([])
    .describe('Cipher suites up to TLS 1.2; by default those of Node.js.'),
  prefer_server_cipher_suites: flag()
    .prefault(true)
    .describe('Whether the order of the server, not of the client, decides which suite is used.'),
  curve_preferences: list(nameIn('a curve', CURVES))
    .prefault([])
    .describe('Elliptic curves in order of preference; by default those of Node.js.'),
});

/** A header such as `X-XSS-Protection: 1` is a number in YAML. Like Go, this schema reads it as a text. */
const headerValue = (error: string, pattern: RegExp) =>
  z
    .union([z.string(), z.number()], { error })
    .transform(String)
    .refine((value) => pattern.test(value), { error });

const anyHeader = () => headerValue('a text of printable ASCII characters', /^[\x20-\x7e]*$/);

const httpServer = section({
  http2: flag()
    .prefault(true)
    .describe('Accepted without effect: HTTP/2 is not offered, so clients use HTTP/1.1.'),
  headers: section({
    'Content-Security-Policy': anyHeader().optional(),
    'X-Frame-Options': headerValue('deny or sameorigin', /^(deny|sameorigin)$/).optional(),
    'X-Content-Type-Options': headerValue('nosniff', /^nosniff$/).optional(),
    'X-XSS-Protection': anyHeader().optional(),
    'Strict-Transport-Security': anyHeader().optional(),
  })
    .prefault({})
    .describe('Headers that are sent with every answer.'),
});

function goDuration() {
  const error = 'a duration such as 500ms or 1s, or 0';
  return z.union([z.literal(0), z.string()], { error }).transform((value, context) => {
    const milliseconds = parseGoDuration(String(value));
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

const rateLimit = section({
  interval: goDuration()
    .prefault(0)
    .describe(
      'One more request is permitted each time this duration has passed; 0 switches the limit off.',
    ),
  burst: integer(0).prefault(0).describe('Maximum number of requests at once.'),
});

/** Above this cost, one check takes more than a second, and shutdown would wait for it. */
const MAX_COST = 14;

const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

const passwordHash = () => {
  const error = `a bcrypt hash of cost 4 to ${MAX_COST}, as htpasswd -nBC 10 "" prints it`;
  return text(error, HASH).refine(
    (hash) => {
      const cost = Number(HASH.exec(hash)?.[1]);
      return cost >= 4 && cost <= MAX_COST;
    },
    { error },
  );
};

/** The file, with the keys of the Prometheus exporter toolkit. */
export const webConfigFile = section({
  tls_server_config: tlsServer.optional(),
  http_server_config: httpServer.prefault({}),
  basic_auth_users: z
    .record(z.string(), passwordHash(), { error: 'a mapping of user names to bcrypt hashes' })
    .prefault({})
    .describe(
      'Users who are admitted, with the hashes of their passwords; an empty mapping admits every client.',
    ),
  rate_limit: rateLimit.prefault({}),
});

/** A file with its defaults filled in. */
export type WebConfigFile = z.output<typeof webConfigFile>;
export type TlsServerFile = z.output<typeof tlsServer>;
