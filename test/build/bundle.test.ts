import type { OutputChunk } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, makeBundle } from '../../scripts/build/bundle.ts';
import { PROJECT } from '../../scripts/build/folders.ts';

let bundle: Bundle;
let chunks: ReadonlyMap<string, OutputChunk>;

beforeAll(async () => {
  bundle = await makeBundle();
  chunks = new Map(
    bundle.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
});

/** The chunks that are loaded to run the code of a source file. */
function chunksFor(source: string): ReadonlySet<OutputChunk> {
  const start = [...chunks.values()].find(({ moduleIds }) =>
    moduleIds.includes(`${PROJECT}${source}`),
  );
  const loaded = new Set<OutputChunk>();
  const load = (chunk: OutputChunk | undefined): void => {
    if (!chunk || loaded.has(chunk)) return;
    loaded.add(chunk);
    for (const name of chunk.imports) load(chunks.get(name));
  };
  load(start);
  return loaded;
}

/** Paths of sources and names of packages that are loaded to run the code of a source file. */
function loadedFor(source: string): ReadonlySet<string> {
  return new Set([...chunksFor(source)].flatMap(({ moduleIds }) => moduleIds.map(nameOf)));
}

function nameOf(id: string): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id) ?? [];
  return name ?? id.replace(PROJECT, '');
}

describe('the bundle', () => {
  it('has a source map for each file with code of the program', () => {
    const without = [...chunks.values()].filter(
      ({ map, moduleIds }) => !map && moduleIds.some((id) => id.startsWith(`${PROJECT}src/`)),
    );
    expect(without.map(({ fileName }) => fileName)).toEqual([]);
  });

  it('has the files that pages need', () => {
    const files = bundle.filter(({ type }) => type === 'asset').map(({ fileName }) => fileName);
    expect(files.filter((name) => !name.endsWith('.map')).sort()).toEqual([
      'assets/icon.svg',
      'assets/idiomorph.min.js',
      'assets/status.css',
      'assets/status.js',
    ]);
  });
});

describe('at the start', () => {
  it('serve loads what it needs before the first scrape, and nothing else', () => {
    const loaded = loadedFor('src/cli/serve/serve.ts');
    expect(loaded).toContain('express');
    expect(loaded).toContain('src/metrics/exposition/exposition.ts');
    const later = [
      '@alicloud/credentials',
      '@alicloud/pop-core',
      'atomically',
      'body-parser',
      'debug',
      'iconv-lite',
      'pino-pretty',
      'qs',
      'src/exporter/persistence.ts',
      'src/simulator/index.ts',
      'src/web/endpoints/status-answers.ts',
      'src/web/messages/index.ts',
    ];
    expect(later.filter((name) => loaded.has(name))).toEqual([]);
  });

  it('serve loads only files of ASCII characters, which V8 reads fastest', () => {
    for (const { fileName, code } of chunksFor('src/cli/serve/serve.ts')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are all ASCII characters
      expect(/[^\x00-\x7f]/.exec(code), fileName).toBeNull();
    }
  });

  it('healthcheck, which runs every half minute, loads neither server nor configuration', () => {
    const loaded = loadedFor('src/cli/healthcheck/healthcheck.ts');
    expect(loaded).toContain('commander');
    const needless = ['express', 'pino', 'prom-client', 'yaml', 'zod'];
    expect(needless.filter((name) => loaded.has(name))).toEqual([]);
  });

  it('main.js loads nothing before it listens to signals', () => {
    const imports = chunks.get('main.js')?.imports ?? [];
    expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});
