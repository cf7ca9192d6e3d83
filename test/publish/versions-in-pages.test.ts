import { expect, it } from 'vitest';
import { projectFile } from '../../scripts/generated-file.ts';
import { IMAGE, VERSION } from '../../scripts/project.ts';

it.each(['docs/install.md', 'docs/zh-CN/install.md'])(
  '%s pulls the image with the version of package.json',
  (path) => {
    expect(projectFile(path).match(/^IMAGE=.*:.*$/gm)).toEqual([`IMAGE=${IMAGE}:${VERSION}`]);
  },
);
