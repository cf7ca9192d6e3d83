import type { Manifest } from './helm.ts';
import { exporterOf, only, type StatefulSet, volumesOf } from './pod.ts';

/*
 * Rules of Kubernetes' validation that no schema of its API states: the syntax of names and labels, names
 * that must be unique, and references that must exist. Each check yields a sentence for each problem.
 */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const isLabel = (name: unknown): boolean =>
  typeof name === 'string' && name.length <= 63 && LABEL.test(name);
const isSubdomain = (name: unknown): boolean =>
  typeof name === 'string' && name.length <= 253 && SUBDOMAIN.test(name);

/** The problems that Kubernetes' API server would find in these objects. */
export function ruleProblems(manifests: readonly Manifest[]): readonly string[] {
  return [
    ...manifests.flatMap((manifest) => [
      ...nameProblems(manifest),
      ...fieldProblems(manifest, manifest.kind),
    ]),
    ...podProblems(manifests),
  ];
}

function* nameProblems({ kind, metadata }: Manifest): Generator<string> {
  const { name, namespace } = metadata;
  if (!isSubdomain(name)) yield `${kind}: no name: ${JSON.stringify(name)}`;
  if (!isLabel(namespace)) yield `${kind}: no namespace: ${JSON.stringify(namespace)}`;
  // A Service's name is a label of DNS that begins with a letter (RFC 1035).
  if (kind === 'Service' && !(isLabel(name) && /^[a-z]/.test(name))) {
    yield `Service: no name: ${name}`;
  }
  // Its pods carry the label controller-revision-hash: the name, a hyphen and ten characters.
  if (kind === 'StatefulSet' && !(isLabel(name) && name.length <= 52)) {
    yield `StatefulSet: no name: ${name}`;
  }
}

const LABELS = new Set(['labels', 'matchLabels', 'nodeSelector']);

/** Checks all labels and annotations, and that numbers are whole: no field used here takes a fraction. */
function* fieldProblems(value: unknown, path: string): Generator<string> {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) yield `${path}: ${value}`;
  if (typeof value !== 'object' || value === null) return;
  const isRule = path.startsWith('PrometheusRule.spec');
  for (const [key, child] of Object.entries(value)) {
    const at = `${path}.${key}`;
    if (LABELS.has(key) && !isRule) yield* mapProblems(child, at, isLabelValue);
    else if (key === 'annotations') yield* mapProblems(child, at, isText);
    if (path === 'Service.spec' && key === 'selector') yield* mapProblems(child, at, isLabelValue);
    yield* fieldProblems(child, at);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isLabelValue = (value: unknown): boolean =>
  value === '' || (typeof value === 'string' && value.length <= 63 && QUALIFIED.test(value));

function* mapProblems(
  map: unknown,
  path: string,
  isValue: (value: unknown) => boolean,
): Generator<string> {
  for (const [key, value] of Object.entries(map ?? {})) {
    const [name = '', domain, ...more] = key.split('/').reverse();
    const isKey = QUALIFIED.test(name) && name.length <= 63 && more.length === 0;
    if (!isKey || (domain !== undefined && !isSubdomain(domain))) yield `${path}: no key: ${key}`;
    if (!isValue(value)) yield `${path}: no value of ${key}: ${JSON.stringify(value)}`;
  }
}

function* podProblems(manifests: readonly Manifest[]): Generator<string> {
  const { volumes } = only<StatefulSet>(manifests, 'StatefulSet').spec.template.spec;
  const { args, env = [], volumeMounts } = exporterOf(manifests);
  const names = volumesOf(manifests);
  yield* twice('volume', names);
  yield* twice(
    'mount',
    volumeMounts.map(({ mountPath }) => mountPath),
  );
  yield* twice(
    'variable',
    env.map(({ name }) => name),
  );
  yield* twice(
    'flag',
    args.map((arg) => arg.split('=')[0] ?? ''),
  );
  for (const name of names) if (!isLabel(name)) yield `no name of a volume: ${name}`;
  for (const { name, mountPath } of volumeMounts) {
    if (!names.includes(name)) yield `no volume ${name} at ${mountPath}`;
  }
  const sources = volumes.flatMap(
    ({ configMap, secret }) => configMap?.name ?? secret?.secretName ?? [],
  );
  for (const name of sources) if (!isSubdomain(name)) yield `no source of a volume: ${name}`;
  for (const { name, value, valueFrom } of env) {
    if (value !== undefined && typeof value !== 'string') yield `${name}: no text: ${value}`;
    if (value !== undefined && value !== '' && valueFrom) yield `${name}: both value and valueFrom`;
  }
}

/** Names that are listed twice. The exporter refuses a repeated flag, Kubernetes everything else. */
function* twice(kind: string, names: readonly string[]): Generator<string> {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) yield `${kind} twice: ${name}`;
  }
}
