import { projectFile } from './generated-file.ts';

const manifest = JSON.parse(projectFile('package.json')) as {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string };
};

/** Name of the npm package, the command, the repository, the image and the chart. */
export const NAME = manifest.name;

export const VERSION = manifest.version;

/** Page of the repository on GitHub. The name of the owner stands in package.json and is read from there. */
export const REPOSITORY_URL = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** `owner/name` on GitHub. */
export const REPOSITORY = new URL(REPOSITORY_URL).pathname.slice(1);

/** The user or organisation on GitHub. */
export const OWNER = REPOSITORY.replace(/\/.*/, '');

export const REGISTRY = 'ghcr.io';

/** The image, without tag and digest. Registries refuse upper-case letters. */
export const IMAGE = `${REGISTRY}/${REPOSITORY.toLowerCase()}`;

/** Folder of the registry that holds the chart, for `helm push`. */
export const CHARTS = `oci://${REGISTRY}/${OWNER.toLowerCase()}/charts`;
