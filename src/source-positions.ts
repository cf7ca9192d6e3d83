import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A position in a compiled file, as a stack shows it: its address, line and column. */
const POSITION = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;

/**
 * The stack of an error, with positions in the sources instead of in the bundle. The maps are read only now, because
 * Node.js would read them at each start (`--enable-source-maps`), which makes the start slower.
 */
export function stackOf(error: Error): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return stack.replace(
    POSITION,
    (position, file: string, line: string, column: string) =>
      sourcePosition(file, Number(line), Number(column)) ?? position,
  );
}

/** Lines and columns of a stack begin with 1, those of a source map with 0. */
function sourcePosition(file: string, line: number, column: number): string | undefined {
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return undefined;
  const { originalSource, originalLine, originalColumn } = entry;
  // A map names a source by its way from the compiled file, such as `../../src/main.ts`.
  const source = originalSource.replace(/^(?:\.\.\/)+/, '');
  return `${source}:${originalLine + 1}:${originalColumn + 1}`;
}

/** By the address of the compiled file; undefined for a file without a map. */
const MAPS = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!MAPS.has(file)) MAPS.set(file, readMap(file));
  return MAPS.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
  } catch {
    // The stack of an error must never be lost to a missing or damaged map.
    return undefined;
  }
}
