import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority. */
export async function authority(name = 'test authority'): Promise<Certificate> {
  const generated = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return { cert: generated.cert, key: generated.private };
}

/** The subject alternative names of a certificate. */
export interface OtherNames {
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly mail?: readonly string[];
  readonly uri?: readonly string[];
}

/** A certificate signed by `by`; self-signed without it. */
export async function certificate(
  names: OtherNames,
  by?: Certificate,
  keyType: 'ec' | 'rsa' = 'ec',
): Promise<Certificate> {
  const generated = await generate([{ name: 'commonName', value: 'test' }], {
    keyType,
    algorithm: 'sha256',
    ...(by && { ca: by }),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...(names.mail ?? []).map((value) => ({ type: 1 as const, value })),
          ...(names.dns ?? []).map((value) => ({ type: 2 as const, value })),
          ...(names.uri ?? []).map((value) => ({ type: 6 as const, value })),
          ...(names.ip ?? []).map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { cert: generated.cert, key: generated.private };
}

/** A certificate for a server on the loopback interface. */
export function serverCertificate(by?: Certificate, keyType?: 'ec' | 'rsa'): Promise<Certificate> {
  return certificate({ dns: ['localhost'], ip: ['127.0.0.1'] }, by, keyType);
}
