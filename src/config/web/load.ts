import type { SecureVersion } from 'node:tls';
import { locateProblems, readDocument } from '../../input/document.ts';
import { valueAt } from '../../input/path.ts';
import { ConfigError, type Finding } from '../../input/problem.ts';
import {
  describeReadError,
  type ReadFile,
  readInputFile,
  readText,
} from '../../input/read-file.ts';
import { validate } from '../../input/validate.ts';
import { deepFreeze } from '../freeze.ts';
import { locate } from '../referenced-files.ts';
import { checkClientCa, checkContext, checkKeyPair, type Pem } from './certificates.ts';
import { CIPHERS, CURVES, TLS_VERSIONS, TLS13_CIPHERS } from './names.ts';
import { findWeakerProtection, type LoadedWebConfig } from './protection.ts';
import { webConfigRules } from './rules.ts';
import { type TlsServerFile, tlsServer, type WebConfigFile, webConfigFile } from './schema.ts';
import type { ClientAuth, TlsConfig, WebConfig } from './web-config.ts';

const FORMAT = { schema: webConfigFile, rules: webConfigRules };

/**
 * Reads and validates a web configuration in the format of the Prometheus exporter toolkit, and the
 * certificates that it names. The format has no environment variables, so `${NAME}` is plain text.
 *
 * @param before the configuration in force, which `findWeakerProtection` compares the file with
 * @throws ConfigError with every problem at once
 */
export async function loadWebConfig(
  file: string,
  readFile: ReadFile = readText,
  before?: LoadedWebConfig,
): Promise<LoadedWebConfig> {
  const text = await readInputFile(file, readFile);
  const document = readDocument(text, file);
  const validation = validate(FORMAT, document.value, document);
  const certificates = await readCertificates(certificateTexts(validation.tree), async (path) =>
    readFile(locate(path, file)),
  );
  const tls = toTls(validation.output?.tls_server_config, certificates);
  const findings = [...document.findings, ...validation.findings, ...certificates.findings];
  if (tls && findings.length === 0)
    findings.push(...checkContext(['tls_server_config'], tls.context));
  if (validation.output === undefined || findings.length > 0) {
    throw new ConfigError(locateProblems(findings, file, document));
  }
  const config = toWebConfig(validation.output, tls);
  const written = document.value;
  const lost = before ? [...findWeakerProtection(before, { config, text, written })] : [];
  if (lost.length > 0) throw new ConfigError(locateProblems(lost, file, document));
  return { config, text };
}

/** The settings that contain a certificate or key in PEM, or the path of a file with it. */
type CertificateTexts = Pick<
  TlsServerFile,
  'cert' | 'cert_file' | 'key' | 'key_file' | 'client_ca' | 'client_ca_file'
>;

/**
 * These settings as far as they are valid. They are used even when others are invalid, so that problems of
 * the certificates are reported together with the other problems.
 */
function certificateTexts(file: unknown): CertificateTexts {
  // Validation has already reported a value that its schema refuses.
  const parts = Object.entries(tlsServer.shape).flatMap(([key, schema]) => {
    const value = valueAt(file, ['tls_server_config', key]);
    return schema.safeParse(value).success ? [[key, value]] : [];
  });
  return Object.fromEntries(parts) as CertificateTexts;
}

/** The texts in PEM. A text is absent when it is not configured or cannot be read. */
interface Certificates {
  readonly cert?: string;
  readonly key?: string;
  readonly clientCa?: string;
  readonly findings: readonly Finding[];
}

async function readCertificates(tls: CertificateTexts, readFile: ReadFile): Promise<Certificates> {
  const findings: Finding[] = [];
  const read = async (key: 'cert' | 'key' | 'client_ca'): Promise<Pem | undefined> => {
    const inline = tls[key];
    if (inline !== undefined) return { path: ['tls_server_config', key], text: inline };
    const path = ['tls_server_config', `${key}_file`];
    const named = tls[`${key}_file`];
    if (named === undefined) return undefined;
    try {
      return { path, text: await readFile(named) };
    } catch (error) {
      findings.push({ path, expected: 'a readable file', got: describeReadError(error) });
      return undefined;
    }
  };
  const [cert, key, clientCa] = [await read('cert'), await read('key'), await read('client_ca')];
  if (cert && key) findings.push(...checkKeyPair(cert, key));
  if (clientCa) findings.push(...checkClientCa(clientCa));
  return {
    ...(cert && { cert: cert.text }),
    ...(key && { key: key.text }),
    ...(clientCa && { clientCa: clientCa.text }),
    findings,
  };
}

function toWebConfig(file: WebConfigFile, tls: TlsConfig | undefined): WebConfig {
  const { interval, burst } = file.rate_limit;
  if (tls) deepFreeze(tls);
  return Object.freeze({
    ...(tls && { tls }),
    headers: headersOf(file.http_server_config.headers),
    users: new Map(Object.entries(file.basic_auth_users)),
    ...(interval > 0 && { rateLimit: { interval, burst } }),
  });
}

/** Headers with a blank value are not sent. */
function headersOf(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

/** Undefined without a certificate: then the rules have made sure that the section is empty. */
function toTls(
  tls: TlsServerFile | undefined,
  { cert, key, clientCa }: Certificates,
): TlsConfig | undefined {
  if (!tls || cert === undefined || key === undefined) return undefined;
  const { client_allowed_sans: sans, cipher_suites: suites, curve_preferences: curves } = tls;
  return {
    context: {
      cert,
      key,
      ...(clientCa !== undefined && { ca: clientCa }),
      minVersion: versionOf(tls.min_version),
      maxVersion: versionOf(tls.max_version),
      ...(suites.length > 0 && { ciphers: namesFrom(CIPHERS, [...suites, ...TLS13_CIPHERS]) }),
      honorCipherOrder: tls.prefer_server_cipher_suites,
      ...(curves.length > 0 && { ecdhCurve: namesFrom(CURVES, curves) }),
    },
    clientAuth: clientAuthOf(tls.client_auth_type),
    ...(sans.length > 0 && { clientAllowedSans: sans }),
  };
}

/** Converts names of the file to a list of OpenSSL, without duplicates. */
function namesFrom(table: Readonly<Record<string, string>>, names: readonly string[]): string {
  return [...new Set(names)].map((name) => table[name]).join(':');
}

/** RequireClientCert is an older name, which the toolkit still accepts. */
function clientAuthOf(name: TlsServerFile['client_auth_type']): ClientAuth {
  return name === 'RequireClientCert' ? 'RequireAnyClientCert' : name;
}

/** The schema refuses every name that is not in the table. */
function versionOf(name: string): SecureVersion {
  return TLS_VERSIONS[name] ?? 'TLSv1.3';
}
