import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWebConfig } from '../../../src/config/web/load.ts';
import { ConfigError } from '../../../src/input/problem.ts';
import { authority, type Certificate, serverCertificate } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

/** The hash of "fakepassword", from the code of the toolkit. */
const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

let server: Certificate;
let other: Certificate;
let ca: Certificate;

beforeAll(async () => {
  [server, other, ca] = await Promise.all([serverCertificate(), serverCertificate(), authority()]);
});

/** Loads the text as `web.yml` in a folder with certificates. */
async function load(text: string) {
  const folder = await temporaryFolder();
  const file = join(folder, 'web.yml');
  for (const [name, content] of Object.entries({
    'web.yml': text,
    'server.crt': server.cert,
    'server.key': server.key,
    'other.key': other.key,
    'ca.crt': ca.cert,
    'nothing.txt': 'nothing of the sort',
  })) {
    await writeFile(join(folder, name), content);
  }
  return (await loadWebConfig(file)).config;
}

/** The problems of the text, without the name of the file. */
async function problemsOf(text: string): Promise<readonly string[]> {
  try {
    await load(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^.*web\.yml:/, ''));
  }
}

const indented = (pem: string): string => pem.trim().replaceAll(/^/gm, '    ');
const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

describe('a web configuration', () => {
  it.each(['', 'tls_server_config: {}', 'tls_server_config:', 'basic_auth_users:'])(
    'may ask for nothing: %j',
    async (text) => {
      expect(await load(text)).toEqual({ headers: {}, users: new Map() });
    },
  );

  it('names certificates and users, as in the sample of the toolkit', async () => {
    const config = await load(`${TLS}
basic_auth_users:
  alice: $2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze
  bob: $2y$10$hLqFl9jSjoAAy95Z/zw8Ye8wkdMBM8c5Bn1ptYqP/AXyV0.oy0S8m
`);
    expect(config.tls).toEqual({
      context: {
        cert: server.cert,
        key: server.key,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        honorCipherOrder: true,
      },
      clientAuth: 'NoClientCert',
    });
    expect([...config.users.keys()]).toEqual(['alice', 'bob']);
  });

  it('may contain the certificates', async () => {
    const config = await load(`tls_server_config:
  cert: |
${indented(server.cert)}
  key: |
${indented(server.key)}
  client_ca: |
${indented(ca.cert)}
  client_auth_type: RequireAndVerifyClientCert
`);
    expect(String(config.tls?.context.cert).trim()).toBe(server.cert.trim());
    expect(String(config.tls?.context.ca).trim()).toBe(ca.cert.trim());
    expect(config.tls?.clientAuth).toBe('RequireAndVerifyClientCert');
  });

  it('may use every key', async () => {
    const config = await load(`${TLS}
  client_ca_file: ca.crt
  client_auth_type: RequireClientCert
  client_allowed_sans: [a.b, 10.0.0.1]
  min_version: TLS12
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP256, X25519]
http_server_config:
  http2: true
  headers:
    X-Frame-Options: deny
    Strict-Transport-Security: max-age=31536000; includeSubDomains
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1
    Content-Security-Policy: "default-src 'self' *.test.example.net"
rate_limit: { interval: 1.5s, burst: 3 }
`);
    expect(config).toMatchObject({
      tls: {
        clientAuth: 'RequireAnyClientCert',
        clientAllowedSans: ['a.b', '10.0.0.1'],
        context: {
          ca: ca.cert,
          maxVersion: 'TLSv1.2',
          ciphers: [
            'ECDHE-ECDSA-AES128-GCM-SHA256',
            'TLS_AES_128_GCM_SHA256',
            'TLS_AES_256_GCM_SHA384',
            'TLS_CHACHA20_POLY1305_SHA256',
          ].join(':'),
          honorCipherOrder: false,
          ecdhCurve: 'P-256:X25519',
        },
      },
      headers: {
        'X-Frame-Options': 'deny',
        'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
        'X-Content-Type-Options': 'nosniff',
        'X-XSS-Protection': '1',
        'Content-Security-Policy': "default-src 'self' *.test.example.net",
      },
      rateLimit: { interval: 1500, burst: 3 },
    });
  });

  it.each([
    'NoClientCert',
    'RequestClientCert',
    'RequireAnyClientCert',
    'VerifyClientCertIfGiven',
    'RequireAndVerifyClientCert',
  ])('may ask clients for %s', async (type) => {
    const config = await load(`${TLS}  client_auth_type: ${type}\n`);
    expect(config.tls?.clientAuth).toBe(type);
  });

  it('may switch the limit and headers off', async () => {
    expect(
      await load(
        'rate_limit: { interval: 0, burst: 0 }\nhttp_server_config: { headers: { X-XSS-Protection: "", X-Frame-Options: } }',
      ),
    ).toEqual({ headers: {}, users: new Map() });
  });

  it('does not expand variables', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a web configuration may contain this text
    const csp = "default-src ${HOME} 'none'";
    const config = await load(
      `http_server_config: { headers: { Content-Security-Policy: "${csp}" } }`,
    );
    expect(config.headers).toEqual({ 'Content-Security-Policy': csp });
  });
});

describe('a web configuration that cannot be used', () => {
  it.each<[text: string, ...problems: string[]]>([
    [
      'tls_config: {}',
      '1:1: tls_config: expected one of the keys tls_server_config, http_server_config, basic_auth_users, rate_limit; got an unknown key',
    ],
    [
      `${TLS}  min_verson: TLS12`,
      '4:3: tls_server_config.min_verson: expected a known key, perhaps min_version; got an unknown key',
    ],
    [
      `${TLS}  min_version: TLS10`,
      '4:3: tls_server_config.min_version: expected a version of TLS that is secure: TLS12, TLS13; got "TLS10"',
    ],
    [
      `${TLS}  min_version: TLS13\n  max_version: TLS12`,
      '5:3: tls_server_config.max_version: expected min_version or newer; got an older version',
    ],
    [
      `${TLS}  cipher_suites: [RC4]`,
      expect.stringMatching(
        /^4:19: tls_server_config\.cipher_suites\[0\]: expected a cipher suite: .*; got "RC4"$/,
      ) as unknown as string,
    ],
    [
      `${TLS}  curve_preferences: [CurveP224]`,
      '4:23: tls_server_config.curve_preferences[0]: expected a curve: CurveP256, CurveP384, CurveP521, X25519; got "CurveP224"',
    ],
    [
      `${TLS}  client_auth_type: Please`,
      expect.stringMatching(/^4:3: .*client_auth_type: expected NoClientCert, /) as never,
    ],
    [
      `${TLS}  client_ca_file: ca.crt`,
      '1:1: tls_server_config.client_auth_type: expected a type that asks clients for certificates, because there is a client CA; got NoClientCert',
    ],
    [
      `${TLS}  client_auth_type: VerifyClientCertIfGiven\n  client_allowed_sans: [a]`,
      '5:3: tls_server_config.client_allowed_sans: expected client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert with it; got another type',
    ],
    [
      'tls_server_config: { cert_file: server.crt }',
      '1:1: tls_server_config.key_file: expected either key or key_file; got neither',
    ],
    [
      'tls_server_config: { min_version: TLS13 }',
      '1:1: tls_server_config.cert_file: expected either cert or cert_file; got neither',
      '1:1: tls_server_config.key_file: expected either key or key_file; got neither',
    ],
    [
      'tls_server_config: { cert_file: none.crt, key_file: . }',
      '1:22: tls_server_config.cert_file: expected a readable file; got no such file',
      '1:43: tls_server_config.key_file: expected a readable file; got a directory',
    ],
    [
      'tls_server_config: { cert_file: server.crt, key_file: other.key }',
      '1:45: tls_server_config.key_file: expected the key of the certificate; got the key of another',
    ],
    [
      'tls_server_config: { cert_file: none.crt, key_file: ., min_version: TLS10 }\nbasic_auth_users: { a: b }\nx: 1',
      '1:22: tls_server_config.cert_file: expected a readable file; got no such file',
      '1:43: tls_server_config.key_file: expected a readable file; got a directory',
      '1:56: tls_server_config.min_version: expected a version of TLS that is secure: TLS12, TLS13; got "TLS10"',
      '2:21: basic_auth_users.a: expected a bcrypt hash of cost 4 to 14, as htpasswd -nBC 10 "" prints it; got <hidden>',
      '3:1: x: expected one of the keys tls_server_config, http_server_config, basic_auth_users, rate_limit; got an unknown key',
    ],
    [
      'tls_server_config: { cert: x, key: y }',
      '1:22: tls_server_config.cert: expected a certificate in PEM; got "x"',
      '1:31: tls_server_config.key: expected a private key in PEM; got <hidden>',
    ],
    [
      'tls_server_config: { cert_file: nothing.txt, key_file: nothing.txt }',
      '1:22: tls_server_config.cert_file: expected a certificate in PEM; got a text that OpenSSL cannot read',
      '1:46: tls_server_config.key_file: expected a private key in PEM without a passphrase; got a text that OpenSSL cannot read',
    ],
    [
      `${TLS}  client_auth_type: RequestClientCert\n  client_ca_file: nothing.txt`,
      '5:3: tls_server_config.client_ca_file: expected certificates in PEM; got a text that OpenSSL cannot read',
    ],
    [
      'http_server_config: { http2: yes, headers: { X-Powered-By: us, X-Frame-Options: allow } }',
      '1:23: http_server_config.http2: expected true or false; got "yes"',
      expect.stringMatching(
        /^1:46: http_server_config\.headers\.X-Powered-By: expected one of the keys /,
      ) as never,
      '1:64: http_server_config.headers.X-Frame-Options: expected deny or sameorigin; got "allow"',
    ],
    [
      'http_server_config: { headers: { Content-Security-Policy: "a\\nb: c" } }',
      '1:34: http_server_config.headers.Content-Security-Policy: expected a text of printable ASCII characters; got "a\\nb: c"',
    ],
    [
      'rate_limit: { interval: 1s }',
      '1:1: rate_limit.burst: expected at least 1, because with 0 no request is answered; got 0 or nothing',
    ],
    [
      'rate_limit: { interval: 5, burst: 1 }',
      '1:15: rate_limit.interval: expected a duration such as 500ms or 1s, or 0; got 5',
    ],
    [
      `basic_auth_users: { __proto__: "${HASH}" }`,
      '1:21: basic_auth_users.__proto__: expected a user name without a colon; got a name that cannot log in',
    ],
    [
      `basic_auth_users: { "a:b": "${HASH}" }`,
      '1:21: basic_auth_users["a:b"]: expected a user name without a colon; got a name that cannot log in',
    ],
    [
      `basic_auth_users: { alice: "${HASH.replace('$10$', '$31$')}" }`,
      '1:21: basic_auth_users.alice: expected a bcrypt hash of cost 4 to 14, as htpasswd -nBC 10 "" prints it; got <hidden>',
    ],
    ['- a', '1:1: expected a mapping of keys; got a list'],
  ])('says why: %s', async (text, ...problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  it('shows the code with which OpenSSL refuses its certificate', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
    const weak = await generate([{ name: 'commonName', value: 'weak' }], {
      algorithm: 'sha256',
      keyPair: {
        privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
        publicKey: String(publicKey.export({ format: 'pem', type: 'spki' })),
      },
    });
    const inline = `tls_server_config:
  cert: |
${indented(weak.cert)}
  key: |
${indented(weak.private)}
`;
    expect(await problemsOf(inline)).toEqual([
      '1:1: tls_server_config: expected settings that OpenSSL accepts; got ERR_SSL_EE_KEY_TOO_SMALL',
    ]);
  });

  it('is refused when the file does not exist', async () => {
    await expect(loadWebConfig(join(await temporaryFolder(), 'web.yml'))).rejects.toThrow(
      /web\.yml:1:1: expected a readable file; got no such file$/,
    );
  });

  it.each([
    'basic_auth_users: { alice: hunter2 }',
    'basic_auth_users: { alice: [hunter2] }',
    'basic_auth_users: hunter2',
    'basic_auth_users: [hunter2]',
    'basic_auth_users: { alice: { hunter2: x } }',
    'tls_server_config: { key: hunter2 }',
    'tls_server_config: { cert_file: server.crt, key: "-----BEGIN hunter2" }',
    'tls_server_config: hunter2',
    'basic_auth_users: { alice: "hunter2" x }',
  ])('shows no secret: %s', async (text) => {
    const problems = await problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('hunter2');
  });
});
