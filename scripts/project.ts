import { readFileSync } from 'node:fs';

const { name, repository } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly name: string; readonly repository: { readonly url: string } };

/** Name of the npm package, the command, the image and the chart. */
export const NAME = name;

/** Page of the repository on GitHub. The owner's name stands in package.json and is read from there. */
export const REPOSITORY_URL = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** `owner/name` on GitHub. */
export const REPOSITORY = new URL(REPOSITORY_URL).pathname.slice(1);

/** The user or organisation on GitHub. */
export const OWNER = REPOSITORY.replace(/\/.*/, '');

const REGISTRY = 'ghcr.io';

/** The image, without tag and digest. Registries refuse upper-case letters. */
export const IMAGE = `${REGISTRY}/${REPOSITORY.toLowerCase()}`;

/** Folder of the registry that holds the chart, for `helm install` and `helm push`. */
export const CHARTS = `oci://${REGISTRY}/${OWNER.toLowerCase()}/charts`;
