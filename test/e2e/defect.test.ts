import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { MAIN, type Program, startCommand, startProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

let program: Program | undefined;

afterEach(async () => {
  await program?.end('SIGKILL');
});

/** Runs code in the process after it has logged that it listens. */
function planted(code: string): string {
  const whenListening = `
    const { stderr } = process;
    const write = stderr.write;
    stderr.write = (text, ...rest) => {
      if (String(text).includes('listening')) setImmediate(() => { ${code} });
      return write.call(stderr, text, ...rest);
    };`;
  return `--import=data:text/javascript,${encodeURIComponent(whenListening)}`;
}

describe('an installation without a file of the program', () => {
  const CHUNKS = readdirSync(join(dirname(MAIN), 'chunks')).filter((name) => name.endsWith('.js'));
  const ofTheEnd = CHUNKS.filter((name) => name.startsWith('last-moments'));

  it.each([
    ['the file with which the program ends', ofTheEnd],
    ['all files that main.js loads', CHUNKS],
  ])('ends the process with exit code 1 and one message: %s', async (_, missing) => {
    expect(missing).not.toEqual([]);
    const folder = await temporaryFolder();
    const dist = join(folder, 'dist');
    cpSync(dirname(MAIN), dist, { recursive: true });
    // It tells older versions of Node.js that the files are ES modules.
    cpSync(join(dirname(MAIN), '../package.json'), join(folder, 'package.json'));
    for (const name of missing) rmSync(join(dist, 'chunks', name));
    const started = startProgram(process.execPath, [join(dist, 'main.js'), '--version']);
    program = started;
    expect(await started.ended).toBe(1);
    expect(started.output.stderr.match(/a defect: .*/g)).toEqual([
      expect.stringContaining('Cannot find module'),
    ]);
  });
});

describe('an unhandled error', () => {
  it.each([
    ['thrown', "throw new Error('planted', { cause: new Error('beneath') })"],
    ['rejected', "Promise.reject(new Error('planted', { cause: new Error('beneath') }))"],
  ])('%s ends the process with exit code 1 and a log line with the cause', async (_, code) => {
    const simulate = startCommand(
      ['simulate', '--web.listen-address=127.0.0.1:0', '--log.format=json'],
      { NODE_OPTIONS: planted(code) },
    );
    program = simulate;
    expect(await simulate.ended).toBe(1);
    const last = JSON.parse(simulate.output.stderr.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      level: 'fatal',
      msg: 'a defect ends the process',
      cause: expect.stringMatching(/^Error: planted\n[\s\S]*caused by Error: beneath\n/),
    });
  });

  it('is printed without its fields, which may hold secrets', async () => {
    const simulate = startCommand(
      ['simulate', '--web.listen-address=127.0.0.1:0', '--log.format=pretty'],
      { NODE_OPTIONS: planted("throw Object.assign(new Error('x'), { key: 'hunter' + 2 })") },
    );
    program = simulate;
    expect(await simulate.ended).toBe(1);
    expect(simulate.output.stderr).toContain('a defect ends the process');
    expect(simulate.output.stderr).not.toContain('hunter2');
  });

  it('has a stack with the positions of the sources', async () => {
    // No log line about a reload can be written.
    const failing = `
      const { stderr } = process;
      const write = stderr.write;
      stderr.write = (text, ...rest) => {
        if (/reloaded[";]/.test(text)) throw new Error('planted');
        if (String(text).includes('"listening"')) setImmediate(() => process.emit('SIGHUP'));
        return write.call(stderr, text, ...rest);
      };`;
    const simulate = startCommand(
      ['demo', '--web.listen-address=127.0.0.1:0', '--simulator.listen-address=127.0.0.1:0'],
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(failing)}` },
    );
    program = simulate;
    expect(await simulate.ended).toBe(1);
    const { cause } = JSON.parse(simulate.output.stderr.trim().split('\n').at(-1) ?? '');
    const [, file = '', line = ''] = /(src\/exporter\/[\w.-]+):(\d+):\d+/.exec(cause) ?? [];
    expect(file).toBe('src/exporter/reloader.ts');
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('log.error(');
    expect(cause).toMatch(/\(node_modules\/pino\/\S+:\d+:\d+\)/);
    expect(cause).not.toContain('/dist/');
  });
});
