import { readFileSync } from 'node:fs';
import type { Build } from '../../metrics/self-metrics.ts';
import type { Host } from './host.ts';

/** Holds the version. The path is the same from src/ and from dist/. */
const PACKAGE = new URL('../../../package.json', import.meta.url);

/** The version and commit of this build. The container image sets SAG_APP_EXPORTER_REVISION. */
export function buildOf(host: Host): Build {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return {
    version,
    revision: host.env['SAG_APP_EXPORTER_REVISION'] ?? '',
    nodeVersion: host.nodeVersion,
  };
}
