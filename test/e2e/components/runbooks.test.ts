import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pages } from '../../support/markdown.ts';
import { metricLabels } from '../../support/metric-labels.ts';
import { type StartedAlertmanager, startAlertmanager } from '../../support/start-alertmanager.ts';

const LABELS = new Set([
  ...['alertname', 'severity'],
  ...[...(await metricLabels()).values()].flatMap((labels) => [...labels]),
]);

let alertmanager: StartedAlertmanager;

beforeAll(async () => {
  alertmanager = await startAlertmanager();
}, 60_000);
afterAll(() => alertmanager?.stop());

/** Runs a command of a page as a shell would, against this Alertmanager. */
function amtool(command: string) {
  const address = `--alertmanager.url=http://${alertmanager.address}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${command} ${address}`], {
    encoding: 'utf8',
  });
  expect(status, `${command}\n${stderr}`).toBe(0);
  return stdout.trim();
}

const COMMANDS = pages()
  .filter(({ path }) => /^docs\/(?:zh-CN\/)?runbooks\//.test(path))
  .flatMap(({ path, text }) =>
    [...text.matchAll(/^amtool silence add .*$/gm)].map(([command]) => [path, command] as const),
  );

describe('the runbooks', () => {
  it('have a command on each page except the list of runbooks', () => {
    expect(COMMANDS.length).toBeGreaterThan(30);
  });

  it.each(COMMANDS)('%s silences: %s', (_, command) => {
    const id = amtool(command);
    const [silence] = JSON.parse(amtool('amtool silence query --output=json')) as {
      readonly matchers: readonly { readonly name: string }[];
    }[];
    expect(silence?.matchers.map(({ name }) => name)).toContain('alertname');
    for (const { name } of silence?.matchers ?? []) expect(LABELS).toContain(name);
    amtool(`amtool silence expire ${id}`);
  });
});
