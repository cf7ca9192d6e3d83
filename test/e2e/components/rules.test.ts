import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { RULE_FILES } from '../../support/rule-files.ts';

const CONFIG = fileURLToPath(new URL('../../../config/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a tool inside a folder; its exit code, and what it said when that is not 0. */
function run(tool: string, args: readonly string[], cwd = join(CONFIG, 'prometheus')) {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd, encoding: 'utf8' });
  return { status, said: status === 0 ? '' : stdout + stderr };
}
const FINE = { status: 0, said: '' };

describe('promtool', () => {
  it('finds the rules and the example of prometheus.yml right', () => {
    expect(run('promtool', ['check', 'rules', '--lint-fatal', ...RULE_FILES])).toEqual(FINE);
    expect(run('promtool', ['check', 'config', '--lint-fatal', 'prometheus.yml'])).toEqual(FINE);
  });

  it('finds the prometheus.yml of docker compose right, with the files that are mounted beside it', () => {
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

  it('fails the tests when a threshold is another', () => {
    const copy = join(folder, 'prometheus');
    cpSync(join(CONFIG, 'prometheus'), copy, { recursive: true });
    const file = join(copy, 'thresholds.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('vector(0.85)', 'vector(0.9)'));
    const { status, said } = run('promtool', ['test', 'rules', 'tests/capacity.yml'], copy);
    expect(status).toBe(1);
    expect(said).toContain('SagAppUsersNearLimit');
  });
});

describe('amtool', () => {
  const file = join(CONFIG, 'alertmanager/alertmanager.yml');

  it('finds the example of alertmanager.yml right, and that of docker compose', () => {
    expect(run('amtool', ['check-config', file])).toEqual(FINE);
    const ofCompose = join(CONFIG, 'compose/alertmanager.yml');
    expect(run('amtool', ['check-config', ofCompose])).toEqual(FINE);
  });

  it.each([
    ['critical', 'on-call'],
    ['warning', 'staff'],
  ])('sends what is %s to %s', (severity, receiver) => {
    const labels = ['alertname=SagAppUsersNearLimit', `severity=${severity}`];
    const route = ['config', 'routes', 'test', `--config.file=${file}`];
    expect(run('amtool', [...route, `--verify.receivers=${receiver}`, ...labels])).toEqual(FINE);
  });
});
