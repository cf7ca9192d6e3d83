import { REPOSITORY_URL } from '../src/cli/process/build.ts';
import { projectFile } from './generated-file.ts';

const manifest = JSON.parse(projectFile('package.json')) as {
  readonly name: string;
  readonly version: string;
};

/** Name of the npm package, the command, the repository, the image and the chart. */
export const NAME = manifest.name;

export const VERSION = manifest.version;

export { REPOSITORY_URL };

/** `owner/name` on GitHub. */
export const REPOSITORY = new URL(REPOSITORY_URL).pathname.slice(1);

/** The user or organisation on GitHub. */
export const OWNER = REPOSITORY.replace(/\/.*/, '');

export const REGISTRY = 'ghcr.io';

/** The image, without tag and digest. Registries refuse upper-case letters. */
export const IMAGE = `${REGISTRY}/${REPOSITORY.toLowerCase()}`;

/** Folder of the registry that holds the chart, for `helm push`. */
export const CHARTS = `oci://${REGISTRY}/${OWNER.toLowerCase()}/charts`;
