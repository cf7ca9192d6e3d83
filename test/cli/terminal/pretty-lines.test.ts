import { describe, expect, it } from 'vitest';
import { prettyLines } from '../../../src/cli/terminal/pretty-lines.ts';
import { createLog } from '../../../src/log.ts';

function prettyLog({ colour = false } = {}) {
  const lines: string[] = [];
  const destination = prettyLines({ write: (line) => void lines.push(line) }, { colour });
  return { lines, log: createLog({ level: 'info', format: 'json', destination }) };
}

describe('a pretty log', () => {
  it('has a line of text for each entry with date and zone, without colours unless asked for', () => {
    const { lines, log } = prettyLog();
    log.warn({ stage: 'users' }, 'a pass failed');
    expect(lines.join('')).toMatch(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d{4}\] WARN: a pass failed \{"stage":"users"\}\n$/,
    );
  });

  it('is written at once', () => {
    const { lines, log } = prettyLog();
    for (let entry = 0; entry < 100; entry++) log.info(`entry ${entry}`);
    expect(lines.join('').trim().split('\n')).toHaveLength(100);
    expect(lines.join('')).toMatch(/INFO: entry 99\n$/);
  });

  it('has colours when asked for', () => {
    const { lines, log } = prettyLog({ colour: true });
    log.warn('a pass failed');
    expect(lines.join('')).toContain('\u001b[33m');
  });
});
