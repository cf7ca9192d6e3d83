import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { CHART } from './helm.ts';

/** The part of JSON Schema that values.schema.json uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
}

/** Texts that YAML, Go templates, shells or Kubernetes refuse or read as something other than text. */
const AWKWARD: readonly string[] = [
  '',
  ...[
    'true',
    'on',
    'null',
    '~',
    '0',
    '123',
    '0440',
    '1e6',
    '1_000',
    '0x1F',
    '0o17',
    '12:30',
    '.inf',
  ],
  ...['-', '- a', 'a: b', '# a', '{a}', '[a', '*a', '&a', '!a', '%a', '@a', "'", '"', '`a`', '\\'],
  ...['{{ .Values }}', '$' + '{NAME}', ' a ', 'a\nb', 'a\tb', 'ü', '鑫', '😀', '=', 'a=b', 'a,b'],
  ...['MyExp', 'myExp', '1sag', 'a.b', 'a-', '-a', 'a_b', 'a/b', 'a/b/c', 'A.B/c', 'x'.repeat(52)],
  ...['x'.repeat(63), 'x'.repeat(64), 'x'.repeat(253), 'x'.repeat(254), `${'x'.repeat(51)}.y`],
  ...['1.0+build', `1.0-${'9'.repeat(80)}`, 'default', 'config', 'secret-0', 'HTTPS_PROXY'],
  ...['http://proxy:3128', 'https://u:p@proxy', 'http://[::1]:8080', 'http://proxy:99999'],
  ...[
    '0.5',
    '100m',
    '1Gi',
    'vector(0.5)',
    '/',
    '/a/b',
    '/tmp',
    'sag-*',
    'cn-shanghai',
    '5m',
    '90s',
  ],
];

const NUMBERS: readonly number[] = [0, 0.5, 1, 2, 1e6, 12_345_678, Number.MAX_SAFE_INTEGER];

/** Objects that the chart passes through unchanged, so that its schema cannot describe them. */
const PASSED_ON: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  tolerations: fc.constantFrom([], [{ key: 'monitoring', operator: 'Exists' }]),
  affinity: fc.constantFrom({}, { podAntiAffinity: {} }),
  topologySpreadConstraints: fc.constantFrom(
    [],
    [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
  ),
  podSecurityContext: fc.constantFrom({}, { runAsUser: 4_294_967 }, null),
  securityContext: fc.constantFrom({}, { runAsUser: 1_000_000_000 }, null),
  'resources.claims': fc.constantFrom([{ name: 'a' }]),
  dnsConfig: fc.constantFrom({}, null, { nameservers: ['10.0.0.2'] }),
  extraContainers: fc.constantFrom([], [{ name: 'beside', image: 'a' }]),
  extraInitContainers: fc.constantFrom([], [{ name: 'before', image: 'a' }]),
  extraManifests: fc.constantFrom(
    [],
    ['{{ if false }}nothing{{ end }}'],
    [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'on', namespace: '{{ .Release.Namespace }}' },
        stringData: { key: '{{ .Release.Name }}' },
      },
    ],
  ),
  'helmTest.resources.claims': fc.constantFrom([{ name: 'a' }]),
  extraEnvFrom: fc.constantFrom([], [{ secretRef: { name: 'more' } }]),
  'extraEnv.valueFrom': fc.constantFrom({ secretKeyRef: { name: 'a', key: 'b' } }),
  'networkPolicy.ingressFrom': fc.constantFrom([], [{ ipBlock: { cidr: '10.0.0.0/8' } }]),
  'networkPolicy.extraEgress': fc.constantFrom([], [{ ports: [{ port: 8080 }] }]),
  'serviceMonitor.relabelings': fc.constantFrom([], [{ action: 'labeldrop', regex: 'pod' }]),
  'serviceMonitor.metricRelabelings': fc.constantFrom([], [{ action: 'labeldrop', regex: 'a' }]),
  'serviceMonitor.tlsConfig': fc.constantFrom({}, null, { serverName: 'on' }),
  // The exporter's web configuration; test/config/web checks its parts.
  'web.config': fc.constantFrom(
    {},
    null,
    { basic_auth_users: { '123': '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi' } },
    {
      tls_server_config: {
        cert_file: 'a',
        key_file: 'b',
        client_auth_type: 'RequireAnyClientCert',
      },
    },
  ),
  // Existing rules only: the chart refuses others, so nothing would be rendered.
  language: fc.constantFrom('en', 'zh-CN'),
  'prometheusRule.thresholds': fc.constantFrom(
    [],
    [
      {
        record: 'sag_app:threshold:users_limit_used_ratio',
        labels: { severity: 'warning' },
        expr: 'vector(0.8)',
      },
    ],
  ),
  'prometheusRule.disabledAlerts': fc.constantFrom([], ['SagAppSessionUnusuallyLong']),
  global: fc.constant({}),
};

const SCHEMA = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as Schema;
const DEFAULTS: unknown = parse(readFileSync(`${CHART}/values.yaml`, 'utf8'));

/**
 * Values that the chart's schema accepts. Each may be left out, or be `null` where `null` removes a
 * default. Many texts and numbers are chosen to be easily rendered wrong. Some values contradict each other.
 */
export function chartValues(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { properties = {}, ...rest } = SCHEMA;
  // With more sections at once, the chart refuses nearly every combination.
  return fc.subarray(Object.keys(properties), { minLength: 1, maxLength: 6 }).chain((keys) => {
    const chosen = Object.fromEntries(keys.map((key) => [key, properties[key] ?? {}]));
    return objectOf({ ...rest, properties: chosen }, '', DEFAULTS);
  });
}

function arbitraryOf(schema: Schema, path: string, defaults?: unknown): fc.Arbitrary<unknown> {
  const passedOn = PASSED_ON[path];
  if (passedOn) return passedOn;
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => arbitraryOf(each, path)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const types = [schema.type ?? []].flat();
  if (types.length > 1) return fc.oneof(...types.map((type) => arbitraryOf({ type }, path)));
  switch (types[0]) {
    case 'object':
      return objectOf(schema, path, defaults);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, path), {
        minLength: schema.minItems ?? 0,
        maxLength: 3,
      });
    case 'string':
      return textOf(schema);
    case 'integer':
      return integerOf(schema);
    case 'number':
      return fc.constantFrom(
        ...NUMBERS.filter((number) => number > (schema.exclusiveMinimum ?? -1)),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no values for ${path}`);
  }
}

function objectOf(
  schema: Schema,
  path: string,
  defaults: unknown,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { properties, additionalProperties, propertyNames, required = [] } = schema;
  if (properties) {
    const own = Object.entries(properties).filter(([key]) => path !== 'config' || key !== 'shard');
    const arbitraries = own.map(([key, property]) => {
      const byDefault = isMapping(defaults) ? defaults[key] : undefined;
      const value = arbitraryOf(property, path === '' ? key : `${path}.${key}`, byDefault);
      const isRemovable = !required.includes(key) && typeof byDefault === 'object';
      return [key, isRemovable ? fc.option(value, { freq: 10 }) : value] as const;
    });
    const hasDefault = (key: string): boolean => isMapping(defaults) && key in defaults;
    return fc.record(Object.fromEntries(arbitraries), {
      requiredKeys: required.filter((key) => key in properties && !hasDefault(key)),
    });
  }
  if (typeof additionalProperties !== 'object') throw new Error(`no values for ${path}`);
  return fc.dictionary(textOf(propertyNames ?? {}), arbitraryOf(additionalProperties, path), {
    maxKeys: 2,
  });
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { maxLength = Number.POSITIVE_INFINITY } = schema;
  const patterns = [schema, ...(schema.allOf ?? [])].flatMap(({ pattern }) => pattern ?? []);
  const isAccepted = (text: string): boolean =>
    text.length <= maxLength && patterns.every((pattern) => new RegExp(pattern).test(text));
  const awkward = AWKWARD.filter(isAccepted);
  const [first] = patterns;
  const free =
    first === undefined ? fc.string({ unit: 'grapheme' }) : fc.stringMatching(new RegExp(first));
  const accepted = free.filter(isAccepted);
  return awkward.length === 0 ? accepted : fc.oneof(fc.constantFrom(...awkward), accepted);
}

function integerOf({
  minimum = 0,
  maximum = Number.MAX_SAFE_INTEGER,
}: Schema): fc.Arbitrary<number> {
  const awkward = [minimum, maximum, 1_000_000, 12_345_678].filter(
    (value) => value >= minimum && value <= maximum,
  );
  return fc.oneof(fc.constantFrom(...awkward), fc.integer({ min: minimum, max: maximum }));
}
