import { describe, expect, it } from 'vitest';
import { OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { SelfMetrics } from '../../src/metrics/self-metrics.ts';
import { failure } from '../support/fleet-bench.ts';
import {
  type ParsedFamily,
  type ParsedSample,
  parseExposition,
} from '../support/parse-exposition.ts';
import { parseOpenMetrics } from '../support/parse-openmetrics.ts';

const BUILD = { version: '1.2.3', revision: 'abc', nodeVersion: 'v20.0.0' };

async function samples(metrics: SelfMetrics, family: string): Promise<readonly ParsedSample[]> {
  const families = parseExposition(await metrics.text('text'));
  return families.find(({ name }) => name === family)?.samples ?? [];
}

async function own(metrics: SelfMetrics): Promise<readonly string[]> {
  const text = await metrics.text('text');
  return text
    .split('\n')
    .filter((line) => line.startsWith('sag_app_') && !line.includes('_bucket'));
}

describe('the metrics of the exporter itself', () => {
  it('are those of the catalog and nothing else with the prefix', async () => {
    const metrics = new SelfMetrics(BUILD);
    metrics.stored(1_767_225_600);
    metrics.storageSized({ state: 0, history: 0 });
    const text = await metrics.text('text');
    const families = parseExposition(text).filter(({ name }) => name.startsWith('sag_app_'));
    expect(families.map(({ name, type, help }) => ({ name, type, help }))).toEqual(
      expect.arrayContaining(OWN_METRICS.map(({ name, type, help }) => ({ name, type, help }))),
    );
    expect(families).toHaveLength(OWN_METRICS.length);
  });

  it('show the build, and no calls at first', async () => {
    expect(await own(new SelfMetrics(BUILD))).toEqual(
      expect.arrayContaining([
        'sag_app_exporter_build_info{version="1.2.3",revision="abc",node_version="v20.0.0"} 1',
        'sag_app_exporter_scrape_duration_seconds_count 0',
      ]),
    );
    const text = await new SelfMetrics(BUILD).text('text');
    expect(text).not.toMatch(/^sag_app_exporter_api/m);
  });

  it('count calls by outcome: OK, the API’s code, or the error kind when there is no code', async () => {
    const metrics = new SelfMetrics(BUILD);
    const operation = 'DescribeRegions';
    metrics.called('prod', { operation, seconds: 0.2 });
    metrics.called('prod', { operation, seconds: 0.2 });
    metrics.called('prod', { operation, seconds: 3, error: failure('timeout') });
    const error = failure('throttled', { code: 'Throttling.User' });
    metrics.called('test', { operation, seconds: 0.01, error });
    metrics.waited('prod', operation, 1.5);
    metrics.waited('prod', operation, 1);
    metrics.allowed('prod', operation, 10);
    metrics.allowed('prod', operation, 7.5);
    const of = (account: string) => `{account="${account}",operation="DescribeRegions"`;
    expect(await own(metrics)).toEqual(
      expect.arrayContaining([
        `sag_app_exporter_api_requests_total${of('prod')},code="OK"} 2`,
        `sag_app_exporter_api_requests_total${of('prod')},code="timeout"} 1`,
        `sag_app_exporter_api_requests_total${of('test')},code="Throttling.User"} 1`,
        `sag_app_exporter_api_wait_seconds_total${of('prod')}} 2.5`,
        `sag_app_exporter_api_budget_requests_per_second${of('prod')}} 7.5`,
        'sag_app_exporter_api_request_duration_seconds_count{operation="DescribeRegions"} 4',
      ]),
    );
    const buckets = await samples(metrics, 'sag_app_exporter_api_request_duration_seconds');
    const upTo = (le: string) => buckets.find(({ labels }) => labels['le'] === le)?.value;
    expect([upTo('0.01'), upTo('0.1'), upTo('0.25'), upTo('2.5'), upTo('5')]).toEqual([
      1, 1, 3, 3, 4,
    ]);
  });

  it('distinguish 50 codes, then count a new one as other', async () => {
    const metrics = new SelfMetrics(BUILD);
    const call = (code: string): void =>
      metrics.called('prod', {
        operation: 'DescribeRegions',
        seconds: 1,
        error: failure('rejected', { code }),
      });
    for (let n = 1; n <= 60; n++) call(`Code.${n}`);
    call('Code.1');
    call('Code.50');
    const found = await samples(metrics, 'sag_app_exporter_api_requests_total');
    const byCode = Object.fromEntries(found.map(({ labels, value }) => [labels['code'], value]));
    expect(found).toHaveLength(51);
    expect(byCode).toMatchObject({ 'Code.1': 2, 'Code.2': 1, 'Code.50': 2, other: 10 });
    expect(byCode['Code.51']).toBeUndefined();
  });

  it('can have codes and names of any text', async () => {
    const metrics = new SelfMetrics(BUILD);
    const codes = ['"} 1\nevil 1', 'back\\slash', 'half \ufffd', '😀'];
    for (const code of codes) {
      const error = failure('rejected', { code });
      metrics.called('a "quoted"\naccount', { operation: 'DescribeRegions', seconds: 1, error });
    }
    const found = await samples(metrics, 'sag_app_exporter_api_requests_total');
    expect(found.map(({ labels }) => labels['code'])).toEqual([
      '"} 1\nevil 1',
      'back\\slash',
      'half \ufffd',
      '😀',
    ]);
  });

  it('show the series of the newest scrape, and count scrapes', async () => {
    const metrics = new SelfMetrics(BUILD);
    metrics.exposed({ exposed: 10, dropped: 0 });
    metrics.exposed({ exposed: 7, dropped: 3 });
    metrics.scraped(0.02);
    metrics.configurationLoaded(1_767_225_600);
    expect(await own(metrics)).toEqual(
      expect.arrayContaining([
        'sag_app_exporter_series{disposition="exposed"} 7',
        'sag_app_exporter_series{disposition="dropped"} 3',
        'sag_app_exporter_scrape_duration_seconds_count 1',
        'sag_app_exporter_config_last_reload_successful 1',
        'sag_app_exporter_config_last_reload_success_timestamp_seconds 1767225600',
      ]),
    );
  });
});

describe('the metrics of the storage', () => {
  const storage = async (metrics: SelfMetrics): Promise<readonly string[]> =>
    (await metrics.text('text')).split('\n').filter((line) => line.includes('_storage_'));

  it('are absent without storage, also as HELP and TYPE', async () => {
    expect(await storage(new SelfMetrics(BUILD))).toEqual([]);
  });

  it('show a failure before anything was stored, without a time', async () => {
    const metrics = new SelfMetrics(BUILD);
    metrics.notStored();
    expect(await own(metrics)).toContain('sag_app_exporter_storage_last_write_successful 0');
    expect((await storage(metrics)).join()).not.toContain('timestamp');
  });

  it('show the newest success and the sizes, also during a later failure', async () => {
    const metrics = new SelfMetrics(BUILD);
    metrics.stored(1_767_225_600);
    metrics.storageSized({ state: 10, history: 20 });
    expect(await own(metrics)).toContain('sag_app_exporter_storage_last_write_successful 1');
    metrics.notStored();
    expect(await own(metrics)).toEqual(
      expect.arrayContaining([
        'sag_app_exporter_storage_last_write_successful 0',
        'sag_app_exporter_storage_last_write_success_timestamp_seconds 1767225600',
        'sag_app_exporter_storage_size_bytes{kind="state"} 10',
        'sag_app_exporter_storage_size_bytes{kind="history"} 20',
      ]),
    );
  });
});

describe('the metrics of the exporter itself in OpenMetrics', () => {
  it('are the same families and samples, and the text format stays the same afterwards', async () => {
    const metrics = new SelfMetrics(BUILD);
    metrics.called('prod', { operation: 'DescribeRegions', seconds: 1 });
    metrics.scraped(0.02);
    const own = (families: readonly ParsedFamily[]) =>
      families.filter(({ name }) => name.startsWith('sag_app_'));
    const text = await metrics.text('text');
    const openMetrics = parseOpenMetrics(`${await metrics.text('openmetrics')}# EOF\n`);
    expect(own(openMetrics)).toEqual(own(parseExposition(text)));
    expect(own(parseExposition(await metrics.text('text')))).toEqual(own(openMetrics));
    expect(openMetrics.map(({ name }) => name)).toEqual(
      parseExposition(text).map(({ name }) => name),
    );
  });
});

describe('the default metrics of the process', () => {
  it('are exposed, except gauges that are named like counters', async () => {
    const families = parseExposition(await new SelfMetrics(BUILD).text('text'));
    expect(families.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']),
    );
    const misnamed = families.filter(
      ({ name, type }) => name.endsWith('_total') !== (type === 'counter'),
    );
    expect(misnamed).toEqual([]);
  });
});
