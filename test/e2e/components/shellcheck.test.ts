import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT } from '../../../scripts/generated-file.ts';
import { filesUnder } from '../../support/markdown.ts';

/** What shellcheck says of a script. */
function shellcheck(script: string): string {
  const { stdout, error } = spawnSync('shellcheck', ['--format=gcc', '-'], {
    cwd: PROJECT,
    input: script,
    encoding: 'utf8',
  });
  if (error) throw error;
  return stdout;
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps?: readonly { readonly run?: string }[] }>
  >;
}

const FILES = ['.ci', 'scripts']
  .flatMap(filesUnder)
  .filter(({ path, text }) => !path.includes('/node_modules/') && text.startsWith('#!'));
const STEPS = filesUnder('.github/workflows').flatMap(({ path, text }) =>
  Object.entries((parse(text) as Workflow).jobs).flatMap(([job, { steps = [] }]) =>
    steps.flatMap(({ run }, index) =>
      run === undefined
        ? []
        : [
            [
              `${path}, ${job}, step ${index + 1}`,
              `#!/usr/bin/env bash\nset -eo pipefail\n${run}`,
            ] as const,
          ],
    ),
  ),
);

describe('shellcheck', () => {
  it.each([...FILES.map(({ path, text }) => [path, text] as const), ...STEPS])(
    'finds nothing in %s',
    (_, script) => {
      expect(shellcheck(script)).toBe('');
    },
  );

  it('finds a name of files that is split into words', () => {
    expect(shellcheck('#!/bin/sh\nrm $1\n')).toContain('SC2086');
    expect(FILES.length).toBeGreaterThan(8);
    expect(STEPS.length).toBeGreaterThan(10);
  });
});
