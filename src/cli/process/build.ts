import packageJson from '../../../package.json' with { type: 'json' };
import type { Build } from '../../metrics/self-metrics.ts';
import type { Host } from './host.ts';

/** Page of the repository on GitHub. */
export const REPOSITORY_URL = packageJson.repository.url
  .replace(/^git\+/, '')
  .replace(/\.git$/, '');

/** The version and commit of this build. The container image sets SAG_APP_EXPORTER_REVISION. */
export function buildOf(host: Host): Build {
  return {
    version: packageJson.version,
    revision: host.env['SAG_APP_EXPORTER_REVISION'] ?? '',
    nodeVersion: host.nodeVersion,
    // The tag rather than the branch: later versions may rename a document or describe other behaviour.
    documents: `${REPOSITORY_URL}/blob/v${packageJson.version}/docs`,
  };
}
