import { join } from 'node:path';

/** A result of .ci/package. @throws Error when the tests were not started by it */
export function made(name: 'PACKAGE_LIST' | 'PACKAGE_INSTALLED'): string {
  const path = process.env[name];
  if (!path) throw new Error('these tests are run by .ci/package');
  return path;
}

/** A path in the node_modules in which the package is installed. */
export function installed(path: string): string {
  return join(made('PACKAGE_INSTALLED'), 'node_modules', path);
}
