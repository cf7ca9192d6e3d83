import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { startProgram, urlOf } from '../../support/start-program.ts';
import { installed, made } from './installed.ts';

const TOOLS = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));
const TYPES = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 100 };
const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** Runs a command in the folder in which the package is installed. */
function inside(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: made('PACKAGE_INSTALLED'),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the package', () => {
  it('holds the program, examples and pages, and no sources or tests', () => {
    const [packed] = json<readonly { files: readonly { path: string }[] }[]>(made('PACKAGE_LIST'));
    const files = packed?.files.map(({ path }) => path) ?? [];
    expect([...new Set(files.map((path) => path.split('/')[0]))].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'README.zh-CN.md',
      'THIRD-PARTY-LICENSES.md',
      'config',
      'dist',
      'docs',
      'grafana',
      'package.json',
    ]);
    for (const path of [
      'dist/main.js',
      'dist/simulator.d.ts',
      'dist/sbom.cdx.json',
      'config/compose.yaml',
      'config/systemd/sag-app-exporter.service',
      'config/systemd/sag-app-exporter.service.d/socket.conf',
      'config/systemd/sag-app-exporter.socket',
      'config/prometheus/alerts.yml',
      'grafana/dashboards/sag-app-fleet.json',
    ]) {
      expect(files).toContain(path);
    }
    const sources = files.filter((path) => /test|bench|(?<!\.d)\.ts$/.test(path));
    // The chart has a test of its own, for `helm test`.
    const ofChart =
      /^config\/kubernetes\/sag-app-exporter\/(?:templates\/_test\.tpl$|(?:templates\/)?tests\/)/;
    expect(sources.filter((path) => !ofChart.test(path))).toEqual([]);
  });

  it('needs no package but bcrypt and what bcrypt needs', () => {
    const lock = json<{ readonly packages: Readonly<Record<string, object>> }>(
      join(made('PACKAGE_INSTALLED'), 'package-lock.json'),
    );
    expect(Object.keys(lock.packages)).toEqual([
      '',
      'node_modules/bcrypt',
      'node_modules/node-addon-api',
      'node_modules/node-gyp-build',
      'node_modules/sag-app-exporter',
    ]);
  });

  it('prints its version after installation', () => {
    expect(inside('npx', 'sag-app-exporter', '--version')).toEqual({
      status: 0,
      stdout: `sag-app-exporter ${version}, Node.js ${process.version}\n`,
      stderr: '',
    });
  });

  it('runs the demo after installation', async () => {
    const program = startProgram(installed('.bin/sag-app-exporter'), [
      'demo',
      '--web.listen-address=127.0.0.1:0',
      '--simulator.listen-address=127.0.0.1:0',
      '--log.format=json',
    ]);
    try {
      const url = await vi.waitFor(() => urlOf(program), PATIENCE);
      await vi.waitFor(async () => {
        expect((await fetch(`${url}/-/ready`)).status).toBe(200);
      }, PATIENCE);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        'sag_app_users{account="demo"',
      );
    } finally {
      expect(await program.end()).toBe(0);
    }
  });

  it('gives other projects the simulator, with its types', () => {
    const file = join(made('PACKAGE_INSTALLED'), 'use.mts');
    const use = (
      port: string,
    ) => `import { createSimulator, DEFAULT_KEY, type Simulator, systemClock } from 'sag-app-exporter/simulator';
const simulator: Simulator = createSimulator({ clock: systemClock });
const key: string = DEFAULT_KEY.accessKeyId;
const made: ${port} = simulator.world.instances().length;
console.log(key, made);
simulator.close();
`;
    const compile = () =>
      inside(
        join(TOOLS, 'tsc'),
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
        '--typeRoots',
        TYPES,
        'use.mts',
      );
    writeFileSync(file, use('string'));
    expect(compile()).toMatchObject({ status: 2, stdout: expect.stringContaining('TS2322') });
    writeFileSync(file, use('number'));
    expect(compile()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(inside('node', 'use.mjs')).toEqual({ status: 0, stdout: 'testid 6\n', stderr: '' });
  });
});

describe('the bill of materials', () => {
  interface Component {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses?: readonly object[];
  }
  interface Bill {
    readonly bomFormat: string;
    readonly specVersion: string;
    readonly metadata: { readonly component: Component };
    readonly components: readonly Component[];
  }
  const bill = () =>
    json<Bill>(join(made('PACKAGE_INSTALLED'), 'node_modules/sag-app-exporter/dist/sbom.cdx.json'));

  it('is in the CycloneDX format and has the version of the exporter', () => {
    expect(bill()).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: expect.stringMatching(/^1\.\d$/),
      metadata: { component: { name: 'sag-app-exporter', version, type: 'application' } },
    });
  });

  it('names every package of the program and its licence', () => {
    const named = bill().components.map(({ name, version }) => `${name} ${version}`);
    const rows = readFileSync(
      new URL('../../../THIRD-PARTY-LICENSES.md', import.meta.url),
      'utf8',
    ).matchAll(/^\| (\S+) \| (\d\S*) \| \S+ \|$/gm);
    const listed = [...rows].map(([, name, version]) => `${name} ${version}`);
    expect([...new Set(named)].sort()).toEqual(listed.sort());
    expect(bill().components.filter(({ purl }) => !purl.startsWith('pkg:npm/'))).toEqual([]);
    expect(bill().components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
  });
});
