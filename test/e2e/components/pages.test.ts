import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRun } from '../../support/blocks-not-run.ts';
import { repeatsBlocks } from '../../support/chinese-pages.ts';
import { toolPath } from '../../support/helm.ts';
import { pages } from '../../support/markdown.ts';
import { Network, type Shell } from '../../support/network.ts';
import { blocksOf, type PageBlock } from '../../support/page-blocks.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
/** Blocks install packages and compile, which takes a minute on a busy machine. */
const PAGE_TIMEOUT_MS = 300_000;
const PATIENCE = { timeout: 240_000, interval: 200 };

/** Blocks that run until Ctrl-C, with the ports that each listens on. */
const SERVERS: readonly { readonly command: RegExp; readonly ports: readonly number[] }[] = [
  { command: /\b(?:npm run|main\.js) demo\b/, ports: [10_313, 10_314] },
  { command: /\bmain\.js --config\.file=/, ports: [10_313] },
  { command: /\bmain\.js simulate .*--control\.listen-address/, ports: [10_314, 10_315] },
  { command: /\bmain\.js simulate(?! .*--control|-)/, ports: [10_314] },
  { command: /^prometheus --config\.file=/m, ports: [9090] },
  { command: /prometheus-alertmanager\)/, ports: [9093] },
  { command: /\.listen\(9095\b/, ports: [9095] },
];

const PAGES = pages();
const TEXTS = new Map(PAGES.map(({ path, text }) => [path, text]));
/**
 * The blocks of all pages, without those of Chinese pages that repeat their English page: test/docs checks that they
 * are equal, and runbooks.test.ts runs the commands of which the comments differ.
 */
const BLOCKS = PAGES.filter(({ path }) => !repeatsBlocks(path, TEXTS)).flatMap(blocksOf);
const pageBlocks = (path: string): readonly PageBlock[] =>
  BLOCKS.filter((block) => block.path === path);
const shellBlocks = (path: string): readonly PageBlock[] =>
  pageBlocks(path).filter((block) => block.language === 'sh' && isRun(block));

/** The environment variables that configurations on the pages refer to. */
const VARIABLES = {
  SAG_ACCESS_KEY_ID: 'LTAIexample',
  SAG_ACCESS_KEY_SECRET: 'example',
  PROXY_USER: 'user',
  PROXY_PASSWORD: 'password',
  HOSTNAME: 'sag-app-exporter-2',
};

let root: string;
let clone: string;
let env: Readonly<Record<string, string>>;
let network: Network;
/** The servers that run, by each port that they listen on. */
const running = new Map<number, Shell>();

/** A clean copy of the project, with a home of its own, in which README's first block has run. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pages-'));
  clone = join(root, 'sag-app-exporter');
  const home = join(root, 'home');
  const bin = join(root, 'bin');
  for (const folder of [clone, home, bin]) mkdirSync(folder);
  // The command as an installed package provides it.
  const command = `#!/bin/sh\nexec node '${clone}/dist/main.js' "$@"\n`;
  writeFileSync(join(bin, 'sag-app-exporter'), command, { mode: 0o755 });
  const files = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: PROJECT,
    },
  );
  execFileSync('tar', ['--null', '--files-from=-', '--create', '--file', join(root, 'files.tar')], {
    cwd: PROJECT,
    input: files,
  });
  execFileSync('tar', ['--extract', '--file', join(root, 'files.tar')], { cwd: clone });
  env = {
    HOME: home,
    PATH: [bin, dirname(fileURLToPath(toolPath('.tools/helm'))), process.env['PATH']].join(':'),
    NO_COLOR: '1',
    // The network has no registry: packages come from what `npm ci` has left in npm's cache.
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };
  network = await Network.create();
  await runBlocks(shellBlocks('README.md'), clone);
}, PAGE_TIMEOUT_MS);

afterAll(async () => {
  await stopServers();
  network?.close();
  if (root) await rm(root, { recursive: true, force: true });
});

async function stopServers(): Promise<void> {
  for (const shell of running.values()) await shell.stop();
  running.clear();
}

/** Runs blocks one after the other. A server continues to run while the next blocks run. */
async function runBlocks(blocks: readonly PageBlock[], cwd: string): Promise<void> {
  for (const { path, line, text: original } of blocks) {
    // README's first block has installed the packages that the copies share.
    const text = cwd === clone ? original : original.replace(/^npm ci && /m, '');
    const place = `${path}:${line}`;
    const { ports = [] } = SERVERS.find(({ command }) => command.test(text)) ?? {};
    // A reader would press Ctrl-C before starting the next server on the same port.
    for (const port of ports) await running.get(port)?.stop();
    expect(
      ports.filter((port) => network.listens(port)),
      place,
    ).toEqual([]);
    const shell = network.bash(text, { cwd, env });
    if (ports.length === 0) {
      const { code, output } = await shell.ended;
      expect(code, `${place}\n${output}`).toBe(0);
      continue;
    }
    for (const port of ports) running.set(port, shell);
    const early = shell.ended.then(({ output }) => {
      throw new Error(`${place} has ended: ${output}`);
    });
    const listening = vi.waitFor(
      () =>
        expect(
          ports.filter((port) => !network.listens(port)),
          shell.output(),
        ).toEqual([]),
      PATIENCE,
    );
    early.catch(() => undefined);
    await Promise.race([listening, early]);
  }
}

/** A new copy of the clone, so that a page does not see files that other pages have written. */
function copyOfClone(path: string): string {
  const copy = join(root, path.replaceAll(/\W/g, '-'));
  execFileSync('cp', ['--archive', '--link', clone, copy]);
  return copy;
}

/** Shortens the waiting times of alerts and notifications from minutes to a second. */
function shortenWaits(folder: string): void {
  const replace = (file: string, ...changes: readonly (readonly [RegExp, string])[]): void => {
    const path = join(folder, 'config', file);
    const text = changes.reduce(
      (before, [pattern, by]) => before.replaceAll(pattern, by),
      readFileSync(path, 'utf8'),
    );
    // The copy shares its files with the clone by hard links, so a file must be replaced, not written to.
    execFileSync('rm', [path]);
    writeFileSync(path, text);
  };
  replace('prometheus/alerts.yml', [/^( +for:) \w+$/gm, '$1 1s']);
  replace('prometheus/prometheus.yml', [/_(interval|timeout): \w+/g, '_$1: 1s']);
  replace('alertmanager/alertmanager.yml', [/(group_wait|group_interval): \w+/g, '$1: 1s']);
}

/** The pages whose blocks run alone. Those of README and the runbooks do not. */
const OWN_PAGES = [...new Set(BLOCKS.filter(isPageOfItsOwn).map(({ path }) => path))];
function isPageOfItsOwn({ path }: PageBlock): boolean {
  // The Chinese runbooks have the shell blocks of the English runbooks, which run with a simulator.
  const isRunbook = /^docs\/(?:zh-CN\/)?runbooks\//.test(path);
  return path !== 'README.md' && !isRunbook && shellBlocks(path).length > 0;
}

describe('the shell blocks, in order, in a clean copy', { timeout: PAGE_TIMEOUT_MS }, () => {
  it.each(OWN_PAGES)('of %s', async (path) => {
    const copy = copyOfClone(path);
    if (path === 'docs/alerting.md') shortenWaits(copy);
    if (path === 'docs/kubernetes.md') {
      const values = pageBlocks(path).find(({ text }) => text.startsWith('# values.yaml\n'));
      writeFileSync(join(copy, 'values.yaml'), values?.text ?? '');
    }
    try {
      await runBlocks(shellBlocks(path), copy);
      if (path === 'docs/alerting.md') await expectNotification();
      for (const block of scrapeConfigs(path)) expectPromtoolAccepts('config', block, copy);
    } finally {
      await stopServers();
    }
  });

  it('of docs/runbooks, with the Alertmanager of docs/alerting.md and a simulator', async () => {
    const copy = copyOfClone('docs/runbooks');
    const servers = [
      ...shellBlocks('docs/alerting.md').filter(({ text }) =>
        text.includes('prometheus-alertmanager'),
      ),
      ...shellBlocks('docs/reload.md').filter(({ text }) => text.includes('simulate')),
    ];
    expect(servers).toHaveLength(2);
    copyFileSync(join(copy, 'config/simulator.yml'), join(copy, 'config.yml'));
    const pagesOfRunbooks = ['docs/runbooks/README.md', ...runbooks()];
    try {
      await runBlocks(servers, copy);
      for (const path of pagesOfRunbooks) await runBlocks(shellBlocks(path), copy);
    } finally {
      await stopServers();
    }
    expect(pagesOfRunbooks.length).toBeGreaterThan(15);
  });
});

/** Expects that the receiver on the page prints the alert that Alertmanager sends to it. */
async function expectNotification(): Promise<void> {
  await vi.waitFor(
    () =>
      expect(running.get(9095)?.output()).toMatch(
        /^\/on-call firing critical SagAppUsersNearLimit SAG APP instance/m,
      ),
    PATIENCE,
  );
}

const runbooks = (): readonly string[] => [
  ...new Set(
    BLOCKS.map(({ path }) => path).filter((path) => /^docs\/runbooks\/(?!README)/.test(path)),
  ),
];

const yamlBlocks = (begins: RegExp): readonly PageBlock[] =>
  BLOCKS.filter(({ language, text }) => language === 'yaml' && begins.test(text));
const scrapeConfigs = (path: string): readonly PageBlock[] =>
  yamlBlocks(/^scrape_configs:/).filter((block) => block.path === path);

/** Checks a block in the folder in which the page's shell blocks have written the files that it names. */
function expectPromtoolAccepts(
  kind: 'config' | 'rules',
  { text, path, line }: PageBlock,
  folder: string,
): void {
  const file = join(folder, 'page.yml');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', kind, file], {
    encoding: 'utf8',
  });
  expect(status, `${path}:${line}\n${stdout}${stderr}`).toBe(0);
}

describe('a YAML block', () => {
  /** Parts of Kubernetes manifests. They are only checked to be YAML (test/docs/blocks.test.ts). */
  const FRAGMENTS = /^(?:apiVersion: apps\/v1|env:)\n/;
  /** Checked by test/e2e/components/chart/rendering.test.ts and test/docs/in-step.test.ts. */
  const CHECKED_ELSEWHERE = /^# (?:values\.yaml|A scenario)\n/;
  /** Configurations of Filebeat and Vector, which read the history. They are only checked to be YAML too. */
  const SHIPPERS = /^(?:filebeat\.inputs|sources):/;
  const RULES = /^groups:/;
  const CONFIGURATION = /^(?:accounts|proxy|shard|polling|metrics|history):/;

  it('is of a kind that a test checks', () => {
    const kinds = [
      FRAGMENTS,
      CHECKED_ELSEWHERE,
      SHIPPERS,
      CONFIGURATION,
      RULES,
      /^scrape_configs:/,
    ];
    const unknown = yamlBlocks(/^/).filter(({ text }) => !kinds.some((kind) => kind.test(text)));
    expect(unknown.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
  });

  it('that README writes is a configuration that check-config accepts', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['dist/main.js', 'check-config', 'config.yml'],
      { encoding: 'utf8', env: VARIABLES, cwd: clone },
    );
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it.each(
    yamlBlocks(CONFIGURATION).map((block) => [`${block.path}:${block.line}`, block] as const),
  )('%s is a configuration that check-config accepts', (place, { text }) => {
    const file = join(root, 'page-config.yml');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(clone, 'dist/main.js'), 'check-config', file],
      { encoding: 'utf8', env: VARIABLES },
    );
    expect(status, `${place}\n${stdout}${stderr}`).toBe(0);
  });

  it.each(
    yamlBlocks(/^scrape_configs:/)
      .filter(({ path }) => path === 'README.md' || shellBlocks(path).length === 0)
      .map((block) => [`${block.path}:${block.line}`, block] as const),
  )('%s is a configuration that Prometheus accepts', (_, block) => {
    expectPromtoolAccepts('config', block, root);
  });

  it.each(yamlBlocks(RULES).map((block) => [`${block.path}:${block.line}`, block] as const))(
    '%s is a file of rules that Prometheus accepts',
    (_, block) => {
      expectPromtoolAccepts('rules', block, root);
    },
  );
});
