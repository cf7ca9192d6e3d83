import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT, projectFile } from '../../scripts/generated-file.ts';
import { loadActionlint } from '../support/actionlint.ts';
import { filesUnder } from '../support/markdown.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | boolean | number>>;
}
interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly container?: { readonly image: string };
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
}
interface Workflow {
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FILES = filesUnder('.github/workflows');
const WORKFLOWS = FILES.map(({ path, text }) => ({
  path,
  text,
  workflow: parse(text) as Workflow,
}));
const JOBS = WORKFLOWS.flatMap(({ path, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path}, ${name}`, job })),
);
const STEPS = JOBS.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const SCRIPTS = STEPS.flatMap(({ name, step: { run } }) =>
  run === undefined ? [] : [{ name, run }],
);
const MANIFEST = JSON.parse(projectFile('package.json')) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

describe('actionlint', () => {
  let actionlint: Awaited<ReturnType<typeof loadActionlint>>;
  beforeAll(async () => {
    actionlint = await loadActionlint();
  });

  it.each(FILES.map(({ path, text }) => [path, text]))(
    'finds nothing in %s',
    async (path, text) => {
      expect(await actionlint(text, path)).toEqual([]);
    },
  );

  it('finds a label of a runner that does not exist, and a text from outside in a script', async () => {
    const workflow = `on: pull_request
jobs:
  a:
    runs-on: ubuntu-24.04-arms
    steps:
      - run: echo \${{ github.event.pull_request.title }}
`;
    const problems = await actionlint(workflow, 'a.yml');
    expect(problems.map(({ kind }) => kind)).toEqual(['runner-label', 'expression']);
  });
});

describe('the workflows', () => {
  it('are there', () => {
    expect(FILES.map(({ path }) => path)).toEqual([
      '.github/workflows/ci.yml',
      '.github/workflows/codeql.yml',
      '.github/workflows/release.yml',
      '.github/workflows/scorecard.yml',
    ]);
  });

  it('use actions by the hash of a commit, with the version in a comment', () => {
    const lines = FILES.flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
    const pinned = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    const local = /uses: \.\/\.github\/workflows\/[\w-]+\.yml$/;
    expect(lines.filter((line) => !pinned.test(line) && !local.test(line))).toEqual([]);
    expect(lines.length).toBeGreaterThan(20);
  });

  it('use one version of each action', () => {
    const used = STEPS.flatMap(({ step: { uses } }) => uses ?? []).map((uses) => uses.split('@'));
    const byRepository = new Map<string, Set<string>>();
    for (const [action = '', hash = ''] of used) {
      const repository = action.split('/').slice(0, 2).join('/');
      byRepository.set(repository, (byRepository.get(repository) ?? new Set()).add(hash));
    }
    expect([...byRepository].filter(([, hashes]) => hashes.size > 1)).toEqual([]);
  });

  it('use images by digest', () => {
    const texts = [...FILES.map(({ text }) => text), projectFile('Dockerfile')];
    const images = texts.flatMap((text) => text.match(/\bdocker\.io\/[^\s]+/g) ?? []);
    expect(images.length).toBeGreaterThan(2);
    expect(images.filter((image) => !/:[\w.-]+@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  });

  it('have no rights but those that a job asks for', () => {
    expect(
      WORKFLOWS.filter(({ workflow }) => JSON.stringify(workflow.permissions) !== '{}'),
    ).toEqual([]);
    expect(JOBS.filter(({ job }) => job.permissions === undefined).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('let only these jobs write or sign', () => {
    const writing = JOBS.flatMap(({ name, job }) =>
      Object.entries(job.permissions ?? {})
        .filter(([, right]) => right === 'write')
        .map(([what]) => `${name}: ${what}`),
    );
    expect(writing.map((line) => line.replace('.github/workflows/', ''))).toEqual([
      'codeql.yml, analyze: security-events',
      'release.yml, image: packages',
      'release.yml, publish-npm: id-token',
      'release.yml, publish-image: packages',
      'release.yml, publish-image: id-token',
      'release.yml, publish-chart: packages',
      'release.yml, publish-chart: id-token',
      'release.yml, github-release: contents',
      'scorecard.yml, analyze: security-events',
      'scorecard.yml, analyze: id-token',
    ]);
  });

  it('end: jobs have a time limit, and runs of one branch do not pile up', () => {
    const endless = JOBS.filter(({ job }) => !job.uses && job['timeout-minutes'] === undefined);
    expect(endless.map(({ name }) => name)).toEqual([]);
    expect(WORKFLOWS.filter(({ workflow }) => !workflow.concurrency)).toEqual([]);
  });

  it('keep no credentials in the checkout', () => {
    const checkouts = STEPS.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(5);
    expect(checkouts.filter(({ step }) => step.with?.['persist-credentials'] !== false)).toEqual(
      [],
    );
  });

  it('put no expression into a script, because its value could be a command', () => {
    expect(SCRIPTS.filter(({ run }) => run.includes('${{'))).toEqual([]);
  });

  it('run only scripts and files that exist', () => {
    const scripts = SCRIPTS.flatMap(({ run }) =>
      Array.from(run.matchAll(/npm run ([\w:-]+)/g), ([, script = '']) => script),
    );
    expect(scripts.filter((script) => !(script in MANIFEST.scripts))).toEqual([]);
    const files = SCRIPTS.flatMap(
      ({ run }) => run.match(/(?<![\w/.])(?:\.ci|scripts|config)\/[\w./-]+/g) ?? [],
    );
    expect(files).toContain('scripts/release.ts');
    // helm is there after .ci/kubernetes/install.
    expect(
      files.filter((file) => !file.includes('node_modules') && !existsSync(new URL(file, PROJECT))),
    ).toEqual([]);
  });

  it('install the packages of the lock file', () => {
    const installing = SCRIPTS.filter(({ run }) => /npm (?:i|install|add|update)\b/.test(run));
    expect(installing).toEqual([]);
    expect(SCRIPTS.filter(({ run }) => run.includes('npm ci')).length).toBeGreaterThan(2);
  });
});

describe('the tests of CI', () => {
  const matrix = WORKFLOWS.find(({ path }) => path.endsWith('/ci.yml'))?.workflow.jobs['node']
    ?.strategy?.matrix;

  it('run on the oldest Node.js that package.json claims, on that of the image, and on the one in between', () => {
    const oldest = MANIFEST.engines.node.replace('>=', '');
    const [, ofImage = ''] = /^ARG NODE_IMAGE=\S*node:(\d+)/m.exec(projectFile('Dockerfile')) ?? [];
    expect(matrix?.['node']).toEqual([oldest, String(Number(ofImage) - 2), ofImage]);
  });

  it('run on both processors that the image is built for', () => {
    expect(matrix?.['runner']).toEqual(['ubuntu-24.04', 'ubuntu-24.04-arm']);
    expect(
      projectFile('.github/workflows/release.yml').match(/(?<=platform: )linux\/\w+/g),
    ).toEqual(['linux/amd64', 'linux/arm64']);
  });
});

describe('.github/dependabot.yml', () => {
  const { updates } = parse(projectFile('.github/dependabot.yml')) as {
    readonly updates: readonly {
      readonly 'package-ecosystem': string;
      readonly directory?: string;
      readonly directories?: readonly string[];
      readonly cooldown: Readonly<Record<string, number>>;
    }[];
  };
  const MANIFESTS: Readonly<Record<string, string>> = {
    npm: 'package-lock.json',
    'github-actions': '.github/workflows/ci.yml',
    'docker-compose': 'compose.yaml',
  };

  it.each(updates.map((update) => [update['package-ecosystem'], update] as const))(
    'updates %s in folders that have such files, after a pause',
    (ecosystem, { directory, directories = directory ? [directory] : [], cooldown }) => {
      expect(directories).not.toEqual([]);
      const missing = directories
        .map((folder) => `.${folder}/${MANIFESTS[ecosystem]}`)
        .filter((path) => !existsSync(new URL(path, PROJECT)));
      expect(missing).toEqual([]);
      expect(cooldown).toEqual({ 'default-days': 7 });
    },
  );
});
