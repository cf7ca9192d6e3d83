import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { piecesOf, Scrapes } from '../../../src/metrics/exposition/scrapes.ts';
import { SelfMetrics } from '../../../src/metrics/self-metrics.ts';
import { FleetBench, START } from '../../support/fleet-bench.ts';
import { parseExposition } from '../../support/parse-exposition.ts';
import { parseOpenMetrics } from '../../support/parse-openmetrics.ts';

const NAME = 'sag_app_session_duration_seconds';
const INSTANCE = 'account="prod",region_id="cn-shanghai",instance_id="sag-a"';
const BUILD = { version: '1.2.3', revision: '', nodeVersion: 'v20.0.0' };

/** An instance whose sessions ended at START after these times, in milliseconds; undefined: the start is unknown. */
function ended(durations: readonly (number | undefined)[]): FleetBench {
  const bench = new FleetBench();
  const sessions = durations.map((duration) => ({
    userName: 'ann',
    session: {
      clientIp: '10.0.0.1',
      ...(duration !== undefined && { start: START - duration / SECOND }),
    },
  }));
  bench.fleet.sessionsEnded(bench.instance('sag-a'), sessions, START);
  return bench;
}

describe('the durations of sessions', () => {
  it('are a histogram of one family, by instance', () => {
    const durations = [0, 5 * MINUTE, 5 * MINUTE + SECOND, HOUR, 4 * DAY];
    expect(ended(durations).text([NAME])).toBe(
      `# HELP ${NAME} How long ended sessions lasted; sessions whose start the API did not tell are left out.
# TYPE ${NAME} histogram
${NAME}_bucket{${INSTANCE},le="300"} 2
${NAME}_bucket{${INSTANCE},le="900"} 3
${NAME}_bucket{${INSTANCE},le="1800"} 3
${NAME}_bucket{${INSTANCE},le="3600"} 4
${NAME}_bucket{${INSTANCE},le="7200"} 4
${NAME}_bucket{${INSTANCE},le="14400"} 4
${NAME}_bucket{${INSTANCE},le="28800"} 4
${NAME}_bucket{${INSTANCE},le="43200"} 4
${NAME}_bucket{${INSTANCE},le="86400"} 4
${NAME}_bucket{${INSTANCE},le="259200"} 4
${NAME}_bucket{${INSTANCE},le="+Inf"} 5
${NAME}_sum{${INSTANCE}} 349801
${NAME}_count{${INSTANCE}} 5
`,
    );
  });

  it('are 0 from the start', () => {
    const values = ended([])
      .lines(NAME)
      .map((line) => line.split(' ').at(-1));
    expect(values).toEqual(Array.from({ length: 13 }, () => '0'));
  });

  it('leave out sessions whose start is unknown, and are never negative', () => {
    const bench = ended([undefined, -HOUR]);
    expect(bench.lines(NAME).slice(-2)).toEqual([
      `${NAME}_sum{${INSTANCE}} 0`,
      `${NAME}_count{${INSTANCE}} 1`,
    ]);
    expect(bench.lines('sag_app_sessions_ended_total')).toEqual([
      `sag_app_sessions_ended_total{${INSTANCE}} 2`,
    ]);
  });

  it('grow with each session that ends', () => {
    const bench = ended([MINUTE]);
    const keeping = bench.exposition();
    const count = () => /_count\{.*\} (\d+)\n/.exec(bench.render({}, keeping).text)?.[1];
    expect(count()).toBe('1');
    const session = { clientIp: '10.0.0.1', start: START };
    bench.fleet.sessionsEnded(bench.instance('sag-a'), [{ userName: 'bob', session }], START);
    expect(count()).toBe('2');
  });

  it('have canonical bounds in OpenMetrics, and the same values', async () => {
    const bench = ended([MINUTE, HOUR]);
    // Labels that look like a bound must stay as they are.
    const hostile = { account: 'a,le="5"', regionId: '} le="6"', instanceId: 'le="7' };
    const intervals = { users: HOUR, online: HOUR, sessions: HOUR };
    bench.fleet.addInstance(hostile, { configured: true, intervals });
    const scrapes = new Scrapes(bench.exposition(), new SelfMetrics(BUILD), bench.clock);
    const familyIn = async (format: 'text' | 'openmetrics') => {
      const text = Buffer.concat(await piecesOf(scrapes.answer(format, 'identity'))).toString();
      const families = format === 'text' ? parseExposition(text) : parseOpenMetrics(text);
      const family = families.find(({ name }) => name === NAME);
      return { text, family };
    };
    const inText = await familyIn('text');
    const inOpenMetrics = await familyIn('openmetrics');
    expect(inText.family?.samples).toHaveLength(26);
    expect(inOpenMetrics.family).toEqual(inText.family);
    expect(inOpenMetrics.text).toContain(`${NAME}_bucket{${INSTANCE},le="300.0"} 1\n`);
    expect(inOpenMetrics.text).toContain(
      `${NAME}_bucket{account="a,le=\\"5\\"",region_id="} le=\\"6\\"",instance_id="le=\\"7",le="300.0"} 0\n`,
    );
    expect(inText.text).not.toContain('le="300.0"');
  });
});
