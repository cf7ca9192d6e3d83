import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stackOf } from '../src/source-positions.ts';

/** A map that says: line 1, column 5 of the compiled file is line 3, column 2 of src/made-up.ts. */
const MAP = {
  version: 3,
  sources: ['../../src/made-up.ts'],
  names: [],
  mappings: 'IAEC',
};

/** The address of a compiled file beside which `map` lies. */
function compiled(map: string | undefined): string {
  const file = join(mkdtempSync(join(tmpdir(), 'positions-')), 'made-up.js');
  if (map !== undefined) writeFileSync(`${file}.map`, map);
  return pathToFileURL(file).href;
}

function failing(stack: string): Error {
  const error = new Error('it failed');
  error.stack = stack;
  return error;
}

describe('the stack of an error', () => {
  it('has the positions of the sources', () => {
    const file = compiled(JSON.stringify(MAP));
    const stack = `Error: it failed\n    at poll (${file}:1:5)\n    at ${file}:1:5\n    at node:fs:1:5`;
    expect(stackOf(failing(stack))).toBe(
      'Error: it failed\n    at poll (src/made-up.ts:3:2)\n    at src/made-up.ts:3:2\n    at node:fs:1:5',
    );
  });

  it.each([
    ['is missing', undefined],
    ['is not JSON', '{'],
    ['is of another form', '[]'],
  ])('stays as it is when the map %s', (_, map) => {
    const stack = `Error: it failed\n    at poll (${compiled(map)}:1:5)`;
    expect(stackOf(failing(stack))).toBe(stack);
  });

  it('is name and message when the error has none', () => {
    const error = new TypeError('it failed');
    Reflect.deleteProperty(error, 'stack');
    expect(stackOf(error)).toBe('TypeError: it failed');
  });
});
