import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCommand, startProgram } from '../support/start-program.ts';

describe('the output of a command', () => {
  it('may be left unread: the reader has read enough', async () => {
    const program = startCommand(['--help']);
    program.child.stdout?.destroy();
    expect(await program.ended).toBe(0);
    expect(program.output.stderr).toBe('');
  });

  // Linux has /dev/full, a device that is always full.
  it.runIf(existsSync('/dev/full'))('is not lost without a word where a disk is full', async () => {
    const main = startCommand(['--version']).child.spawnargs.slice(0, 2);
    const program = startProgram('sh', ['-c', '"$0" "$1" --help > /dev/full', ...main]);
    expect(await program.ended).toBe(1);
    expect(program.output.stderr).toBe('stdout cannot be written (ENOSPC)\n');
  });
});
