import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTypeScript } from '../scripts/parse-typescript.ts';
import {
  type ClosedModules,
  cycles,
  folderOf,
  forbiddenImports,
  type Import,
  importsAcrossRoots,
  importsOf,
  importsPastDoors,
  namesUsed,
} from './support/architecture.ts';

const PROJECT = new URL('../', import.meta.url);

/** The roots of the project, with what each may import besides itself. Only src is shipped. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  src: [],
  grafana: ['src'],
  // Some generators need helm, and the screenshots a running exporter, which the tests start too.
  scripts: ['src', 'grafana', 'test/support'],
  bench: ['src', 'test/support'],
  test: ['src', 'grafana', 'scripts'],
};

/** What each folder of src (or file directly in src) may import besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  clock: [],
  'source-positions': [],
  log: ['source-positions'],
  'system-error': [],
  csv: [],
  http: [],
  input: ['clock', 'system-error'],
  config: ['input', 'clock', 'system-error'],
  smartag: ['model', 'clock', 'log', 'system-error'],
  fleet: ['model', 'clock'],
  storage: ['fleet', 'model', 'clock', 'log', 'system-error'],
  poll: ['smartag', 'fleet', 'model', 'clock', 'log'],
  metrics: ['fleet', 'model', 'clock'],
  web: ['metrics', 'fleet', 'model', 'input', 'http', 'csv', 'log', 'clock', 'system-error'],
  simulator: ['input', 'http', 'clock', 'log'],
  exporter: [
    'input',
    'config',
    'smartag',
    'fleet',
    'storage',
    'poll',
    'metrics',
    'web',
    'model',
    'clock',
    'log',
  ],
  cli: [
    'exporter',
    'input',
    'config',
    'smartag',
    'fleet',
    'storage',
    'poll',
    'metrics',
    'web',
    'simulator',
    'model',
    'csv',
    'clock',
    'log',
    'source-positions',
    'system-error',
  ],
  main: ['cli'],
};

/**
 * Folders that are used through their index.ts only, because each hides something difficult; and the
 * files outside that may know the inside: its unit tests, and those that need a part of it.
 */
const CLOSED_MODULES: ClosedModules = {
  'src/metrics/exposition/ages': ['test/metrics/exposition'],
  'src/simulator': [
    'test/simulator',
    // Its tables are documented, and compared with what `doctor` and `create-user` know.
    'scripts/docs',
    'test/cli/doctor/report/codes.test.ts',
    'test/cli/create-user/create-user.test.ts',
    // Both sides repair Unicode at their edges.
    'test/unicode-edges.test.ts',
    // Its seeded random numbers, and its operations without HTTP.
    'bench/fuzz.ts',
    'bench/fuzz-attacks.ts',
    'test/support',
  ],
};

/** What makes time pass or chance decide. Only the clock may use it, and cli, which hands it in. */
const TIME_AND_CHANCE = [
  'Date.now',
  'new Date()',
  'Date()',
  'Math.random',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'process.hrtime',
  'AbortSignal.timeout',
];
const TIMER_MODULES = /^(?:node:)?timers\b/;

const MOST_LINES = 300;

const SOURCES = parseTypeScript(
  new Map(
    Object.keys(ROOTS)
      .flatMap((root) =>
        readdirSync(new URL(`${root}/`, PROJECT), { recursive: true, encoding: 'utf8' }).map(
          (path) => `${root}/${path.replaceAll('\\', '/')}`,
        ),
      )
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, readFileSync(new URL(path, PROJECT), 'utf8')]),
  ),
);
const IMPORTS = importsOf(SOURCES);
const SHIPPED = [...SOURCES].filter(([path]) => path.startsWith('src/'));

/** The paths of those shipped files in which a name is used or a module imported. */
function using(names: readonly string[], modules: RegExp): readonly string[] {
  return SHIPPED.filter(([path, file]) => {
    const used = namesUsed(file);
    return (
      names.some((name) => used.has(name)) ||
      IMPORTS.some(({ from, to }) => from === path && modules.test(to))
    );
  }).map(([path]) => path);
}

describe('the sources', () => {
  it('are all found, and each folder has its arrows', () => {
    expect([...new Set(SHIPPED.map(([path]) => folderOf(path)))].sort()).toEqual(
      Object.keys(ARROWS).sort(),
    );
  });

  it('import only what the arrows allow', () => {
    expect(forbiddenImports(IMPORTS, ARROWS)).toEqual([]);
  });

  it('import from other roots only what theirs may', () => {
    expect(importsAcrossRoots(IMPORTS, ROOTS)).toEqual([]);
  });

  it('have no cycle between folders', () => {
    expect(cycles(IMPORTS, folderOf)).toEqual([]);
  });

  it('have no cycle between files', () => {
    expect(cycles(IMPORTS, (path) => path)).toEqual([]);
  });

  it('enter closed modules by their door only', () => {
    expect(importsPastDoors(IMPORTS, CLOSED_MODULES)).toEqual([]);
  });

  it('touch the process only in main', () => {
    expect(using(['process', 'globalThis.process'], /^(?:node:)?process$/)).toEqual([
      'src/main.ts',
    ]);
  });

  it('take time and chance only from the clock and what the command line hands in', () => {
    const taking = using(TIME_AND_CHANCE, TIMER_MODULES);
    expect(taking.filter((path) => path !== 'src/clock.ts' && folderOf(path) !== 'cli')).toEqual(
      [],
    );
  });

  it('are short enough to be read at once', () => {
    const tooLong = SHIPPED.filter(([, file]) => file.text.split('\n').length - 1 > MOST_LINES);
    expect(tooLong.map(([path]) => path)).toEqual([]);
  });
});

describe('the check of imports', () => {
  const planted = (path: string, source: string): readonly Import[] => [
    ...IMPORTS,
    ...importsOf(parseTypeScript(new Map([[path, source]]))),
  ];

  it.each([
    ['src/model/wrong.ts', "import type { Clock } from '../clock.ts';"],
    ['src/fleet/wrong.ts', "import {\n  type Log,\n  silentLog,\n} from '../log.ts';"],
    ['src/simulator/wrong.ts', "export { ApiError } from '../model/api-error.ts';"],
    ['src/metrics/catalog/wrong.ts', "export * from '../../poll/every.ts';"],
    ['src/web/wrong.ts', "const poll = await import('../poll/every.ts');"],
    ['src/web/wrong.ts', "type Every = typeof import('../poll/every.ts');"],
    ['src/poll/stages/wrong.ts', "import '../../config/load.ts';"],
    ['src/main.ts', 'import { Fleet } from "./fleet/fleet.ts";'],
    ['src/new/wrong.ts', "import { run } from '../cli/run.ts';"],
  ])('catches one planted in %s', (path, source) => {
    const found = forbiddenImports(planted(path, source), ARROWS);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path} imports `);
  });

  it.each([
    ['src/smartag/wrong.ts', '../../test/support/start-simulator.ts'],
    ['src/cli/wrong.ts', '../../scripts/generators.ts'],
    ['test/web/wrong.test.ts', '../../bench/scrape.ts'],
    ['bench/wrong.ts', '../test/poll/batched.test.ts'],
    ['bench/wrong.ts', '../scripts/generators.ts'],
    ['scripts/wrong.ts', '../bench/scrape.ts'],
    ['grafana/source/wrong.ts', '../../test/support/dashboards.ts'],
  ])('catches one across roots planted in %s', (path, target) => {
    expect(importsAcrossRoots(planted(path, `import '${target}';`), ROOTS)).toHaveLength(1);
  });

  it.each([
    ['src/metrics/exposition/wrong.ts', './ages/gaps.ts'],
    ['test/metrics/wrong.test.ts', '../../src/metrics/exposition/ages/gaps.ts'],
    ['src/cli/demo/wrong.ts', '../../simulator/world/random.ts'],
    ['bench/wrong.ts', '../src/simulator/gateway/gateway.ts'],
  ])('catches one past the door of a closed module planted in %s', (path, target) => {
    const found = importsPastDoors(planted(path, `import { x } from '${target}';`), CLOSED_MODULES);
    expect(found.filter((each) => each.startsWith(path))).toHaveLength(1);
  });

  it('lets what is allowed, packages and comments pass', () => {
    const source = `
      import { z } from 'zod';
      import { type Clock, SECOND } from '../clock.ts';
      import { Fleet } from '../fleet/fleet.ts';
      // import { every } from '../poll/every.ts';
      /* import { every } from '../poll/every.ts'; */
    `;
    const imports = planted('src/web/right.ts', source);
    expect(forbiddenImports(imports, ARROWS)).toEqual([]);
    expect(importsAcrossRoots(imports, ROOTS)).toEqual([]);
  });

  it('catches a cycle between folders or files, however long', () => {
    const imports = [
      { from: 'src/a/x.ts', to: 'src/b/y.ts' },
      { from: 'src/b/y.ts', to: 'src/c/z.ts' },
      { from: 'src/c/z.ts', to: 'src/a/w.ts' },
      { from: 'src/a/w.ts', to: 'src/a/x.ts' },
    ];
    expect(cycles(imports, (path) => path)).toHaveLength(4);
    expect(cycles(imports.slice(1), (path) => path)).toEqual([]);
    expect(cycles(imports, folderOf)).toEqual([
      'a -> b -> c -> a',
      'b -> c -> a -> b',
      'c -> a -> b -> c',
    ]);
  });
});

describe('the names that a source uses', () => {
  const namesIn = (source: string): readonly string[] =>
    [...parseTypeScript(new Map([['x.ts', source]])).values()].flatMap((file) => [
      ...namesUsed(file),
    ]);

  it('are not those in comments, texts, types or properties', () => {
    const source = `
      // process.exit()
      /* setTimeout() */ const a = 'process "x"' + "it's Date.now";
      const b = \`process \${now(\`\${host.env['X']}\`)}\`;
      const c = { process: host.process, at: new Date(0) };
    `;
    expect(namesIn(source)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(?:process\b.*|setTimeout|Date\.now|new Date\(\))$/),
      ]),
    );
  });

  it.each([
    [`const text = \`pid \${process.pid}\`;`, 'process'],
    ['const host = { process };', 'process'],
    ['globalThis.process.exit();', 'globalThis.process'],
    [`const chance = \`\${Math.random()}\`;`, 'Math.random'],
    ['const now = new Date();', 'new Date()'],
    ['const now = Date();', 'Date()'],
    ['const later = setTimeout;', 'setTimeout'],
    ['const at = Date\n  .now();', 'Date.now'],
  ])('in %j has %s', (source, name) => {
    expect(namesIn(source)).toContain(name);
  });
});
