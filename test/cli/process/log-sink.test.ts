import { expect, it } from 'vitest';
import { logSink } from '../../../src/cli/process/log-sink.ts';

/** An output whose reader reads nothing until the test allows it. */
class StoppedReader {
  readonly lines: string[] = [];
  writableLength = 0;

  write(line: string): void {
    this.lines.push(line);
    this.writableLength += line.length;
  }

  takeAll(): void {
    this.writableLength = 0;
  }
}

it('a log whose reader has stopped keeps at most a megabyte, and reports later how many lines were lost', async () => {
  const reader = new StoppedReader();
  const sink = logSink(reader, (lines) => sink.write(`${lines} lost\n`));
  const line = `${'x'.repeat(999)}\n`;
  for (let written = 0; written < 10_000; written++) sink.write(line);
  expect(reader.writableLength).toBeLessThan(2 ** 20 + 2 * line.length);
  const kept = reader.lines.length;
  reader.takeAll();
  sink.write('after\n');
  sink.write('more\n');
  await Promise.resolve();
  expect(reader.lines.slice(kept)).toEqual(['after\n', 'more\n', `${10_000 - kept} lost\n`]);
  sink.write('and on\n');
  await Promise.resolve();
  expect(reader.lines.at(-1)).toBe('and on\n');
});
