import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  folderCycles,
  folderOf,
  forbiddenImports,
  importsOf,
  importsPastDoors,
  type Sources,
} from './support/architecture.ts';

const PROJECT = new URL('../', import.meta.url);

/** What each folder (or file directly in src) may import besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  clock: [],
  log: [],
  http: [],
  input: ['clock'],
  config: ['input', 'clock'],
  smartag: ['model', 'clock', 'log'],
  fleet: ['model', 'clock'],
  poll: ['smartag', 'fleet', 'model', 'clock', 'log'],
  metrics: ['fleet', 'model', 'clock'],
  web: ['metrics', 'fleet', 'model', 'http', 'log', 'clock'],
  simulator: ['input', 'http', 'clock', 'log'],
  exporter: [
    'input',
    'config',
    'smartag',
    'fleet',
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
    'poll',
    'metrics',
    'web',
    'simulator',
    'model',
    'clock',
    'log',
  ],
  main: ['cli'],
};

/** Folders that other folders may use through their index.ts only: each hides something difficult. */
const CLOSED_MODULES = ['src/metrics/exposition/ages', 'src/simulator'];

/** What makes time pass or chance decide: only a clock may, and who hands one in. */
const UNOWNED =
  /\b(?:Date\.now|new Date\(\)|Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|hrtime|AbortSignal\.timeout|timers)\b/;

const MOST_LINES = 300;
/** Each holds one real difficulty that would not be easier in two places. */
const LONGER: Readonly<Record<string, number>> = {
  'src/simulator/world/instance.ts': 400,
  'src/smartag/transport/pop-core.ts': 350,
};

const SOURCES: Sources = new Map(
  readdirSync(new URL('src/', PROJECT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .map((path) => [path, readFileSync(new URL(path, PROJECT), 'utf8')]),
);

describe('the sources', () => {
  it('are all found, and each folder has its arrows', () => {
    expect([...new Set([...SOURCES.keys()].map(folderOf))].sort()).toEqual(
      Object.keys(ARROWS).sort(),
    );
  });

  it('import only what the arrows allow', () => {
    expect(forbiddenImports(SOURCES, ARROWS)).toEqual([]);
  });

  it('have no cycle between folders', () => {
    expect(folderCycles(SOURCES)).toEqual([]);
  });

  it('enter closed modules by their door only', () => {
    expect(importsPastDoors(SOURCES, CLOSED_MODULES)).toEqual([]);
  });

  it('touch the process only in main', () => {
    const touching = [...SOURCES].filter(
      ([, source]) =>
        /(?<!\.)\bprocess\b/.test(codeOf(source)) ||
        /^(node:)?process$/m.test(importsOf(source).join('\n')),
    );
    expect(touching.map(([path]) => path)).toEqual(['src/main.ts']);
  });

  it('take time and chance only from the clock and what the command line hands in', () => {
    const taking = [...SOURCES].filter(
      ([path, source]) =>
        path !== 'src/clock.ts' &&
        folderOf(path) !== 'cli' &&
        (UNOWNED.test(codeOf(source)) ||
          importsOf(source).some((target) => target.includes('timers'))),
    );
    expect(taking.map(([path]) => path)).toEqual([]);
  });

  it('are short enough to be read at once', () => {
    const tooLong = [...SOURCES].filter(
      ([path, source]) => source.split('\n').length - 1 > (LONGER[path] ?? MOST_LINES),
    );
    expect(tooLong.map(([path]) => path)).toEqual([]);
  });
});

describe('the check of imports', () => {
  const planted = (path: string, source: string): Sources => new Map([...SOURCES, [path, source]]);

  it.each([
    ['src/model/wrong.ts', "import type { Clock } from '../clock.ts';"],
    ['src/fleet/wrong.ts', "import {\n  type Log,\n  silentLog,\n} from '../log.ts';"],
    ['src/simulator/wrong.ts', "export { ApiError } from '../model/api-error.ts';"],
    ['src/metrics/catalog/wrong.ts', "export * from '../../poll/every.ts';"],
    ['src/web/wrong.ts', "const poll = await import('../poll/every.ts');"],
    ['src/poll/stages/wrong.ts', "import '../../config/load.ts';"],
    ['src/main.ts', 'import { Fleet } from "./fleet/fleet.ts";'],
    [
      'src/smartag/wrong.ts',
      "import { startSimulator } from '../../test/support/start-simulator.ts';",
    ],
    ['src/new/wrong.ts', "import { run } from '../cli/run.ts';"],
  ])('catches one planted in %s', (path, source) => {
    const found = forbiddenImports(planted(path, source), ARROWS);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path} imports `);
  });

  it('catches an import past the door of a closed module', () => {
    const source = "import { Gaps } from './ages/gaps.ts';";
    expect(
      importsPastDoors(planted('src/metrics/exposition/wrong.ts', source), CLOSED_MODULES),
    ).toEqual(['src/metrics/exposition/wrong.ts imports src/metrics/exposition/ages/gaps.ts']);
  });

  it('lets what is allowed, packages and comments pass', () => {
    const source = `
      import { z } from 'zod';
      import { type Clock, SECOND } from '../clock.ts';
      import { Fleet } from '../fleet/fleet.ts';
      // import { every } from '../poll/every.ts';
      /* import { every } from '../poll/every.ts'; */
    `;
    expect(forbiddenImports(planted('src/web/right.ts', source), ARROWS)).toEqual([]);
  });

  it('catches a cycle between folders, however long', () => {
    const cycle = folderCycles(
      new Map([
        ['src/a/x.ts', "import { y } from '../b/y.ts';"],
        ['src/b/y.ts', "import { z } from '../c/z.ts';"],
        ['src/c/z.ts', "import { w } from '../a/w.ts';"],
        ['src/a/w.ts', "import { x } from './x.ts';"],
      ]),
    );
    expect(cycle).toEqual(['a -> b -> c -> a', 'b -> c -> a -> b', 'c -> a -> b -> c']);
  });

  it('tells code from comments and texts', () => {
    const source = `
      // process.exit()
      /* setTimeout() */ const a = 'process "x"' + "it's Date.now";
      const b = \`process \${now(\`\${host.env['X']}\`)} and \${Math.random()}\`;
    `;
    const code = codeOf(source);
    expect(code).not.toMatch(/process|setTimeout|Date\.now/);
    expect(code).toContain('Math.random');
    expect(codeOf(`const text = \`pid \${process.pid}\`;`)).toContain('process.pid');
  });
});
