import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { chartValues } from '../../../support/chart-values.ts';
import { CHART, helm, type Manifest, manifestsOf } from '../../../support/helm.ts';
import { ruleProblems } from '../../../support/kubernetes-rules.ts';
import { shapeProblems, valueProblems } from '../../../support/kubernetes-shapes.ts';
import { configOf, exporterOf, only } from '../../../support/pod.ts';
import { temporaryFolder } from '../../../support/temporary-files.ts';

type Values = Readonly<Record<string, unknown>>;
type Rendering =
  | { readonly refusal: string }
  | { readonly refusal?: undefined; readonly manifests: readonly Manifest[] };

const RUNS = 150;
/** The number of renderings that the TypeScript compiler checks for unknown fields. */
const COMPILED = 8;
/** On a busy machine, the test ends after this time with fewer values than RUNS. */
const TIME_LIMIT_MS = 45_000;

/** A release name as Helm accepts it: up to 53 characters of DNS labels with dots. */
const releaseName = fc.oneof(
  fc.constantFrom('sag', '123', '1e6', 'true', '1sag', 'my.release', `a${'b'.repeat(52)}`),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,5}[a-z0-9])?)?$/),
);

/** Renders a chart. A refusal has to come from the schema or from `fail`, never from a broken template. */
function rendering(chart: string, release: string, valuesFile: string): Rendering {
  const { status, output } = helm(['template', release, chart, `--values=${valuesFile}`]);
  if (status === 0) return { manifests: manifestsOf(output) };
  // Both are sentences: "at '/web/port': minimum: got 80, want 1024", "proxy: give either …".
  if (/values don't meet the specifications of the schema/.test(output)) throw new Error(output);
  const [, sentence] = /execution error at \(\S+\): (.*)/.exec(output) ?? [];
  if (sentence === undefined) throw new Error(`no sentence: ${output}`);
  return { refusal: sentence };
}

async function problemsOf(
  manifests: readonly Manifest[],
  values: Values,
): Promise<readonly string[]> {
  const problems = [...ruleProblems(manifests), ...contentProblems(manifests, values)];
  for (const manifest of manifests) problems.push(...(await valueProblems(manifest)));
  return problems;
}

/** Finds contents of the rendered objects that differ from the values. */
function* contentProblems(manifests: readonly Manifest[], values: Values): Generator<string> {
  const at = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((value, key) => (value as Values | undefined | null)?.[key], values);
  const { args, env = [] } = exporterOf(manifests);
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

  const { shard, ...config } = configOf(manifests) as Values;
  const sorted = sortedKeys(at('config') ?? {});
  if (differs(sortedKeys(config), sorted)) yield `config: ${JSON.stringify([config, sorted])}`;
  if (Number(at('replicas') ?? 1) > 1 !== (shard !== undefined)) yield 'shard';

  const maxRequests = at('web.maxRequests') ?? undefined;
  if (maxRequests !== undefined && !args.includes(`--web.max-requests=${maxRequests}`)) {
    yield `--web.max-requests: ${args.join(' ')}`;
  }
  for (const arg of (at('extraArgs') ?? []) as readonly string[]) {
    if (!args.includes(arg)) yield `extraArgs: no ${arg}`;
  }
  for (const { name, value } of (at('extraEnv') ?? []) as readonly {
    name: string;
    value?: unknown;
  }[]) {
    const rendered = env.find((variable) => variable.name === name)?.value;
    if (value !== undefined && rendered !== String(value)) yield `${name}: ${rendered}`;
  }
  yield* portProblems(manifests, at);
}

interface Policy extends Manifest {
  readonly spec: {
    readonly egress: readonly {
      readonly ports?: readonly { readonly port: number }[] | null;
      readonly to?: readonly unknown[];
    }[];
  };
}

/** A NetworkPolicy must open the port of each called URL, and never all ports. */
function* portProblems(
  manifests: readonly Manifest[],
  at: (path: string) => unknown,
): Generator<string> {
  if (at('networkPolicy.enabled') !== true) return;
  const { egress } = only<Policy>(manifests, 'NetworkPolicy').spec;
  for (const { ports, to } of egress) {
    if (!ports?.length && !to?.length) yield 'a rule of the NetworkPolicy lets everything out';
  }
  const open = egress.flatMap(({ ports }) => ports?.map(({ port }) => port) ?? []);
  const accounts = (at('config.accounts') ?? []) as readonly Values[];
  const urls = [
    ...['config.proxy', 'proxy.httpsProxy', 'proxy.httpProxy'].map(at),
    ...accounts.flatMap(({ endpoint, credentials }) => [
      endpoint,
      (credentials as Values | undefined)?.['sts_endpoint'],
    ]),
  ];
  for (const text of urls) {
    if (typeof text !== 'string' || text.includes('$' + '{') || !URL.canParse(text)) continue;
    const { protocol, port } = new URL(text);
    if (!/^https?:$/.test(protocol)) continue;
    const needed = Number(port || (protocol === 'https:' ? 443 : 80));
    if (!open.includes(needed)) yield `no port ${needed} for ${text}: ${open.join(', ')}`;
  }
}

/** The same value with sorted keys, as toYaml writes them. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortedKeys(child)]));
}

it('renders valid objects for all values that its schema accepts, or refuses them with a sentence', async () => {
  const file = join(await temporaryFolder(), 'values.yaml');
  const compiled: Manifest[] = [];
  let tried = 0;
  let rendered = 0;
  await fc.assert(
    fc.asyncProperty(chartValues(), releaseName, async (values, release) => {
      tried++;
      writeFileSync(file, JSON.stringify(values));
      const result = rendering(CHART, release, file);
      if (result.refusal !== undefined) {
        expect(result.refusal).toMatch(/^[a-z][\w.[\]]*: \S/i);
        return;
      }
      expect(await problemsOf(result.manifests, values)).toEqual([]);
      if (rendered++ < COMPILED) compiled.push(...result.manifests);
    }),
    {
      numRuns: RUNS,
      // The gate uses a fixed seed, so that a failure comes from the change. Other runs use random seeds.
      ...(process.env['CI'] && { seed: 1 }),
      interruptAfterTimeLimit: TIME_LIMIT_MS,
      // Values that failed in an earlier random run.
      examples: [
        [{ probes: null }, 'sag'],
        [{ image: { tag: 'e0' }, namespaceOverride: 'e0' }, 'sag'],
        [
          {
            serviceMonitor: {
              basicAuth: { username: { name: 'a', key: 'a' }, password: { name: 'a', key: '._' } },
            },
          },
          'sag',
        ],
      ],
    },
  );
  expect(rendered).toBeGreaterThan(tried / 5);
  expect(await shapeProblems(compiled)).toEqual([]);
});

it.each([
  ['myExporter', '0.1.0'],
  ['My_Exp', `0.1.0+build.${'9'.repeat(80)}`],
  ['1sag', '2026.11.28+main_/…'],
  ['_', '+'],
])(
  'is valid as part of another chart under the alias %s, of version %s',
  async (alias, version) => {
    const chart = await parentOf(alias, version);
    const file = join(chart, 'values.yaml');
    for (const release of ['sag', '1sag', 'my.release', `a${'b'.repeat(52)}`]) {
      const result = rendering(chart, release, file);
      if (result.refusal !== undefined) throw new Error(result.refusal);
      expect(await problemsOf(result.manifests, {})).toEqual([]);
      expect(exporterOf(result.manifests).image).toMatch(
        /^ghcr\.io\/[\w.-]+\/sag-app-exporter:[A-Za-z0-9_][-A-Za-z0-9_.]*$/,
      );
    }
  },
);

/** A chart with this one as a subchart, under an alias and with another appVersion. */
async function parentOf(alias: string, appVersion: string): Promise<string> {
  const parent = await temporaryFolder();
  const chart = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8')) as Values;
  const part = { name: chart['name'], version: chart['version'], alias };
  const own = { apiVersion: 'v2', name: 'parent', version: '1.0.0', dependencies: [part] };
  const child = join(parent, 'charts/sag-app-exporter');
  mkdirSync(child, { recursive: true });
  cpSync(CHART, child, { recursive: true });
  writeFileSync(join(child, 'Chart.yaml'), JSON.stringify({ ...chart, appVersion }));
  writeFileSync(join(parent, 'Chart.yaml'), JSON.stringify(own));
  writeFileSync(join(parent, 'values.yaml'), '{}');
  return parent;
}
