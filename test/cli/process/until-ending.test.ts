import { describe, expect, it } from 'vitest';
import { untilEnding } from '../../../src/cli/process/until-ending.ts';
import { SECOND } from '../../../src/clock.ts';
import { createLog } from '../../../src/log.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';

function prepared() {
  const clock = new ManualClock();
  const ending = new AbortController();
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(line) },
  });
  const messages = (): readonly unknown[] =>
    lines.map((line) => (JSON.parse(line) as { msg: unknown }).msg);
  return { clock, ending, log, messages };
}

describe('a command that runs until the process ends', () => {
  it('calls its stop functions only then, in reverse order, one after the other', async () => {
    const { clock, ending, log, messages } = prepared();
    const events: string[] = [];
    const stop = (name: string) => async () => {
      events.push(`${name} stops`);
      await settle();
      events.push(`${name} stopped`);
    };
    const ended = untilEnding(ending.signal, log, [stop('first'), stop('second')], clock);
    await settle();
    expect(events).toEqual([]);
    ending.abort();
    await ended;
    expect(events).toEqual(['second stops', 'second stopped', 'first stops', 'first stopped']);
    expect(messages()).toEqual(['stopping']);
    expect(clock.pending).toBe(0);
  });

  it('ends at once if the process got the signal before', async () => {
    const { clock, log } = prepared();
    let stopped = 0;
    await untilEnding(AbortSignal.abort(), log, [async () => void stopped++], clock);
    expect(stopped).toBe(1);
  });

  it('does not wait longer than four seconds for a stop function, and logs that', async () => {
    const { clock, ending, log, messages } = prepared();
    let isOver = false;
    const ended = untilEnding(ending.signal, log, [() => new Promise(() => {})], clock).then(() => {
      isOver = true;
    });
    ending.abort();
    await clock.advance(4 * SECOND - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await ended;
    expect(messages()).toEqual(['stopping', expect.stringContaining('left behind')]);
  });

  it('fails with the error of a stop function, and waits no longer', async () => {
    const { clock, log } = prepared();
    const stop = async () => {
      throw new Error('a defect');
    };
    await expect(untilEnding(AbortSignal.abort(), log, [stop], clock)).rejects.toThrow('a defect');
    expect(clock.pending).toBe(0);
  });
});
