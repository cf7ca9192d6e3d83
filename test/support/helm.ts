import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, type ScalarTag, type Tags } from 'yaml';

const TOOLS = new URL('../../.ci/kubernetes/node_modules/', import.meta.url);
const HELM = fileURLToPath(new URL('.tools/helm', TOOLS));

export const CHART = fileURLToPath(
  new URL('../../config/kubernetes/sag-app-exporter', import.meta.url),
);

/** Values files with which the chart is tested. */
export const CI_VALUES: readonly string[] = readdirSync(`${CHART}/ci`);

/** A rendered Kubernetes object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The path of a package that .ci/kubernetes/install has installed. */
export function toolPath(path: string): URL {
  if (!existsSync(HELM)) throw new Error('no helm: run .ci/kubernetes/install');
  return new URL(path, TOOLS);
}

/** Runs helm, with additional environment variables. */
export function helm(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): {
  readonly status: number;
  readonly output: string;
} {
  toolPath('.tools/helm');
  const { status, stdout, stderr, error } = spawnSync(HELM, args, {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return { status: status ?? -1, output: status === 0 ? stdout : stderr };
}

/** The arguments that render the chart as release `sag` in the namespace `monitoring`. */
function rendering(values: readonly string[]): readonly string[] {
  return ['template', 'sag', CHART, '--namespace=monitoring', ...values];
}

/** Renders the chart with values files, as text. */
export function renderText(...values: readonly string[]): string {
  const { status, output } = helm(rendering(values));
  if (status !== 0) throw new Error(output);
  return output;
}

/** Renders the chart with one account, as release `sag-app-exporter`. */
export function renderPlain(): string {
  const values = ['--namespace=monitoring', '--skip-tests', ciValues('default-values.yaml')];
  const { status, output } = helm(['template', 'sag-app-exporter', CHART, ...values]);
  if (status !== 0) throw new Error(output);
  return output;
}

/** Renders the chart with values files. */
export function render(...values: readonly string[]): readonly Manifest[] {
  return manifestsOf(renderText(...values));
}

/**
 * Floats as Go's YAML reads them, with and without an exponent. The package `yaml` also takes floats without digits,
 * such as `e0` and `._`.
 */
const GO_EXPONENT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/;
const GO_FLOAT = /^(?:\.[0-9]+|[-+]?[0-9][0-9_]*\.[0-9_]*|[-+]\.[0-9_]*[0-9][0-9_]*)$/;

const isScalar = (tag: Tags[number]): tag is ScalarTag => typeof tag === 'object' && 'test' in tag;

const withGoFloats = (tags: Tags): Tags =>
  tags.map((tag) => {
    if (!isScalar(tag)) return tag;
    if (tag.format === 'EXP') return { ...tag, test: GO_EXPONENT };
    return tag.test?.test('1.5') ? { ...tag, test: GO_FLOAT } : tag;
  });

/** The objects in a text, read as Kubernetes reads it: in YAML 1.1 0440 is octal and `on` a truth. */
export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1', customTags: withGoFloats }).flatMap(
    (document) => {
      const [problem] = document.errors;
      if (problem) throw problem;
      const manifest: unknown = document.toJS();
      return manifest === null ? [] : [manifest as Manifest];
    },
  );
}

/** The error with which the chart refuses values. */
export function refusal(...values: readonly string[]): string {
  const { status, output } = helm(rendering(values));
  if (status === 0) throw new Error('not refused');
  return output;
}

/** The flag that names a values file of the chart's own tests. */
export const ciValues = (name: string): string => `--values=${CHART}/ci/${name}`;
