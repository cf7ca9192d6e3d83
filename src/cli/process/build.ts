import { readFileSync } from 'node:fs';
import type { Build } from '../../metrics/self-metrics.ts';
import type { Host } from './host.ts';

/** The version stands in one place, package.json, beside src/ and dist/ alike. */
const PACKAGE = new URL('../../../package.json', import.meta.url);

/** What this build says of itself; the image's build sets SAG_APP_EXPORTER_REVISION. */
export function buildOf(host: Host): Build {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return {
    version,
    revision: host.env['SAG_APP_EXPORTER_REVISION'] ?? '',
    nodeVersion: host.nodeVersion,
  };
}
