import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import type { FleetExposition } from '../../../src/metrics/exposition/exposition.ts';
import { type Encoding, FORMATS, type Format } from '../../../src/metrics/exposition/format.ts';
import { piecesOf, Scrapes } from '../../../src/metrics/exposition/scrapes.ts';
import { SelfMetrics } from '../../../src/metrics/self-metrics.ts';
import { FleetBench, START, user } from '../../support/fleet-bench.ts';
import { type ParsedFamily, parseExposition } from '../../support/parse-exposition.ts';
import { parseOpenMetrics } from '../../support/parse-openmetrics.ts';

const BUILD = { version: '1.2.3', revision: 'abc', nodeVersion: 'v20.0.0' };
const PARSERS: Readonly<Record<Format, (text: string) => readonly ParsedFamily[]>> = {
  text: parseExposition,
  openmetrics: parseOpenMetrics,
};

function scrapesOf(bench: FleetBench, exposition = bench.exposition()) {
  const scrapes = new Scrapes(exposition, new SelfMetrics(BUILD), bench.clock);
  return {
    scrapes,
    async text(format: Format, encoding: Encoding = 'identity'): Promise<string> {
      const body = Buffer.concat(await piecesOf(scrapes.answer(format, encoding)));
      return (encoding === 'gzip' ? gunzipSync(body) : body).toString();
    },
  };
}

function aFleet(...names: readonly string[]): FleetBench {
  const bench = new FleetBench();
  const record = bench.instance('sag-a', { limit: 9 });
  const some = names.length > 0 ? names : ['ann', 'bob'];
  bench.fleet.account('prod');
  bench.users(
    record,
    some.map((name) => user(name, { bandwidth: 5 })),
  );
  bench.online(record, Object.fromEntries(some.map((name) => [name, 1])));
  bench.sessions(
    record,
    Object.fromEntries(some.map((name) => [name, [{ clientIp: name, start: START - 9990 }]])),
  );
  return bench;
}

/** The families of the fleet; those of the process change from scrape to scrape. */
function ofFleet(families: readonly ParsedFamily[]): readonly ParsedFamily[] {
  return families.filter(({ name }) => name.startsWith('sag_app_'));
}

describe('a scrape', () => {
  it('has the same families, samples and values in every format and encoding', async () => {
    const { text } = scrapesOf(aFleet('ann', 'b"o\\b\n', '中文 😀'));
    const expected = ofFleet(parseExposition(await text('text')));
    expect(expected.length).toBeGreaterThan(30);
    for (const format of FORMATS) {
      for (const encoding of ['identity', 'gzip'] as const) {
        expect(ofFleet(PARSERS[format](await text(format, encoding)))).toEqual(expected);
      }
    }
  });

  it('is valid in both formats with any names of users', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 6 }),
            fc.string({ unit: fc.constantFrom('\\', '"', '\n', '\ufffd', '}', '#', ' ') }),
            fc.constant('x'.repeat(64 * 1024)),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (names) => {
          const { text } = scrapesOf(aFleet(...names));
          const shown = new Set(names);
          for (const format of FORMATS) {
            const families = PARSERS[format](await text(format, 'gzip'));
            const info = families.find(({ name }) => name === 'sag_app_user_info');
            expect(new Set(info?.samples.map(({ labels }) => labels['user_name']))).toEqual(shown);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('ends with # EOF in OpenMetrics only', async () => {
    const { text } = scrapesOf(aFleet());
    expect((await text('openmetrics')).endsWith('\n# EOF\n')).toBe(true);
    expect(await text('text')).not.toContain('# EOF');
  });

  it('shows ages as of the second of the scrape, in whole seconds', async () => {
    const bench = aFleet();
    const { text } = scrapesOf(bench);
    const age = async (): Promise<string | undefined> =>
      /sag_app_user_session_age_seconds\{.*\} (.*)/.exec(await text('text', 'gzip'))?.[1];
    expect(await age()).toBe('9990');
    await bench.clock.advance(1.7 * SECOND);
    expect(await age()).toBe('9991');
    await bench.clock.advance(300 * SECOND);
    expect(await age()).toBe('10291');
  });

  it('counts its own series', async () => {
    const { text } = scrapesOf(aFleet());
    const answer = await text('openmetrics');
    const shown = answer.match(/^\w+\{.*user_name=/gm)?.length ?? 0;
    // Two users with state, bandwidth, clients online, and start and age of a session.
    expect(shown).toBeGreaterThanOrEqual(2 * 6);
    expect(answer).toContain(`sag_app_exporter_series{disposition="exposed"} ${shown}\n`);
  });
});

describe('scrapes at once', () => {
  /** An exposition that counts how often it is refreshed. */
  function counted(exposition: FleetExposition) {
    let renderings = 0;
    return {
      renderings: () => renderings,
      exposition: new Proxy(exposition, {
        get(target, name) {
          if (name === 'refresh') {
            renderings++;
            return () => target.refresh();
          }
          return undefined;
        },
      }),
    };
  }

  it('share one refresh, and a later scrape gets the same bytes without rendering', async () => {
    const bench = aFleet();
    const { exposition, renderings } = counted(bench.exposition());
    const { scrapes } = scrapesOf(bench, exposition);
    const fleetOf = async () => (await scrapes.answer('text', 'identity').next()).value ?? [];
    const [first = [], ...others] = await Promise.all(Array.from({ length: 50 }, fleetOf));
    expect(renderings()).toBe(1);
    expect(first).not.toEqual([]);
    for (const pieces of [...others, await fleetOf()]) {
      expect(pieces.length).toBe(first.length);
      // The same buffers, not copies.
      expect(pieces.every((piece, at) => piece === first[at])).toBe(true);
    }
  });

  it('each show their own number of series when they overlap', async () => {
    const bench = aFleet('ann');
    const { scrapes } = scrapesOf(bench);
    const first = scrapes.answer('text', 'identity');
    const begun = [await first.next()];
    bench.users(bench.instance('sag-b', { limit: 9 }), [user('bob'), user('cid')]);
    await scrapes.answer('text', 'identity').next();
    begun.push(await first.next());
    const text = Buffer.concat(begun.flatMap(({ value }) => value ?? [])).toString();
    const shown = text.match(/^sag_app_user_\w+\{/gm)?.length;
    expect(text).toContain(`sag_app_exporter_series{disposition="exposed"} ${shown}\n`);
  });

  it('show a change after a scrape that failed in the middle', async () => {
    const bench = aFleet('ann');
    const { text } = scrapesOf(bench);
    expect(await text('text')).toContain('"ann"');
    bench.users(bench.instance('sag-b', { limit: 9 }), [user('zoe')]);
    vi.spyOn(bench.fleet, 'accounts', 'get').mockImplementationOnce(() => {
      throw new Error('a defect');
    });
    await expect(text('text')).rejects.toThrow('a defect');
    expect(await text('text')).toContain('"zoe"');
  });

  it('are rendered again after a scrape that failed', async () => {
    const bench = aFleet();
    let fails = true;
    const exposition = bench.exposition();
    const { text } = scrapesOf(
      bench,
      new Proxy(exposition, {
        get: (target, name) => {
          if (name === 'refresh' && fails) throw new Error('a defect');
          return name === 'refresh' ? () => target.refresh() : undefined;
        },
      }),
    );
    await expect(text('text')).rejects.toThrow('a defect');
    fails = false;
    expect(await text('text')).toContain('sag_app_users');
  });
});
