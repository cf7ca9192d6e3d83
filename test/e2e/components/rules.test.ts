import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { pages, promqlBlocks } from '../../support/markdown.ts';
import { alertFileOf, RULE_FILES } from '../../support/rule-files.ts';

const CONFIG = fileURLToPath(new URL('../../../config/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a tool in a folder. Returns its exit code, and its output if that is not 0. */
function run(tool: string, args: readonly string[], cwd = join(CONFIG, 'prometheus')) {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd, encoding: 'utf8' });
  return { status, output: status === 0 ? '' : stdout + stderr };
}
const FINE = { status: 0, output: '' };

describe('promtool', () => {
  it('accepts the rules and the example prometheus.yml', () => {
    const files = [...RULE_FILES, alertFileOf('zh-CN')];
    expect(run('promtool', ['check', 'rules', '--lint-fatal', ...files])).toEqual(FINE);
    expect(run('promtool', ['check', 'config', '--lint-fatal', 'prometheus.yml'])).toEqual(FINE);
  });

  it('accepts the prometheus.yml of docker compose with the mounted files', () => {
    const mounted = join(folder, 'mounted');
    cpSync(join(CONFIG, 'prometheus'), mounted, { recursive: true });
    cpSync(join(CONFIG, 'compose/prometheus.yml'), join(mounted, 'prometheus.yml'));
    expect(run('promtool', ['check', 'config', '--lint-fatal', 'prometheus.yml'], mounted)).toEqual(
      FINE,
    );
  });

  it.each(readdirSync(join(CONFIG, 'prometheus/tests')))('passes %s', (file) => {
    expect(run('promtool', ['test', 'rules', `tests/${file}`])).toEqual(FINE);
  });

  it('fails the tests if a threshold is changed', () => {
    const copy = join(folder, 'prometheus');
    cpSync(join(CONFIG, 'prometheus'), copy, { recursive: true });
    const file = join(copy, 'thresholds.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('vector(0.85)', 'vector(0.9)'));
    const { status, output } = run('promtool', ['test', 'rules', 'tests/capacity.yml'], copy);
    expect(status).toBe(1);
    expect(output).toContain('SagAppUsersNearLimit');
  });
});

describe('docs/promql.md', () => {
  const [page = { path: '', text: '' }] = pages().filter(({ path }) => path === 'docs/promql.md');
  const blockWith = (text: string): string => {
    const [block, ...others] = promqlBlocks(page.text).filter((query) => query.includes(text));
    if (block === undefined || others.length > 0) throw new Error(`not one block with ${text}`);
    return block;
  };
  const instance = (id: string) => `{account="prod",region_id="cn-shanghai",instance_id="${id}"}`;
  const calls = (account: string, code: string) =>
    `sag_app_exporter_api_requests_total{account="${account}",operation="DescribeRegions",code="${code}"}`;

  it.each([
    [
      'days until the limit: 0 where it is reached',
      'deriv(sag_app:users:sum[3d])',
      [
        { labels: instance('sag-growing'), value: 2.5 },
        { labels: instance('sag-full'), value: 0 },
        { labels: instance('sag-over'), value: 0 },
      ],
    ],
    [
      'share of the calls that failed: 0 where none did',
      'code!="OK"',
      [
        { labels: '{account="failing"}', value: 0.5 },
        { labels: '{account="well"}', value: 0 },
      ],
    ],
    [
      'days left of a subscription: 0 when it has ended',
      'expiry_timestamp_seconds',
      [
        { labels: instance('sag-ended'), value: 0 },
        { labels: instance('sag-lasting'), value: 1 },
      ],
    ],
  ] as const)('%s', (_, text, expected) => {
    const DAY = 24 * 3600;
    const series = (name: string, values: string) => ({ series: name, values });
    const test = {
      interval: '1h',
      input_series: [
        // 24 users a day, from 0 to 72, with 60 places left: 2.5 days.
        series(`sag_app:users:sum${instance('sag-growing')}`, '0+1x72'),
        series(`sag_app:users_limit:max${instance('sag-growing')}`, '132x72'),
        series(`sag_app:users:sum${instance('sag-full')}`, '100x72'),
        series(`sag_app:users_limit:max${instance('sag-full')}`, '100x72'),
        series(`sag_app:users:sum${instance('sag-over')}`, '0+2x72'),
        series(`sag_app:users_limit:max${instance('sag-over')}`, '100x72'),
        series(`sag_app:users:sum${instance('sag-idle')}`, '50x72'),
        series(`sag_app:users_limit:max${instance('sag-idle')}`, '100x72'),
        series(
          `sag_app_instance_expiry_timestamp_seconds${instance('sag-ended')}`,
          `${2 * DAY}x72`,
        ),
        series(
          `sag_app_instance_expiry_timestamp_seconds${instance('sag-lasting')}`,
          `${4 * DAY}x72`,
        ),
        series(calls('well', 'OK'), '0+3600x72'),
        series(calls('failing', 'OK'), '0+3600x72'),
        series(calls('failing', 'timeout'), '0+3600x72'),
      ],
      promql_expr_test: [
        // With a sample an hour, a rate of 5 minutes would find nothing.
        {
          expr: blockWith(text).replaceAll('[5m]', '[2h]'),
          eval_time: '72h',
          exp_samples: expected,
        },
      ],
    };
    const file = join(folder, 'cookbook.json');
    writeFileSync(file, JSON.stringify({ evaluation_interval: '1h', tests: [test] }));
    expect(run('promtool', ['test', 'rules', file])).toEqual(FINE);
  });
});
