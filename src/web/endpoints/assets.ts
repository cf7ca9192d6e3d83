import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HOUR, SECOND } from '../../clock.ts';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

interface AssetSource {
  readonly type: string;
  /** The files that are joined. The bundle ships each file that is named with `import.meta.url`. */
  readonly files: readonly URL[];
}

const SOURCES = {
  'status.css': {
    type: 'text/css',
    files: [new URL('../assets/status.css', import.meta.url)],
  },
  'status.js': {
    type: 'text/javascript',
    // The script needs the global `Idiomorph`. With both in one file, the browser makes one request and the
    // order is fixed.
    files: [
      new URL('../../../node_modules/idiomorph/dist/idiomorph.min.js', import.meta.url),
      new URL('../assets/status.js', import.meta.url),
    ],
  },
  'icon.svg': {
    type: 'image/svg+xml',
    files: [new URL('../assets/icon.svg', import.meta.url)],
  },
} as const satisfies Readonly<Record<string, AssetSource>>;

export type AssetName = keyof typeof SOURCES;

/** The names under which browsers ask for the files of the pages. */
export const ASSET_NAMES = Object.keys(SOURCES) as readonly AssetName[];

/**
 * Seconds for which browsers may cache a file. Each build has its own addresses, so browsers load the files
 * of a new build at once.
 */
export const ASSET_AGE = HOUR / SECOND;

/** @throws Error when a file is missing */
export function readAssets(): Readonly<Record<AssetName, Asset>> {
  const read = ({ type, files }: AssetSource): Asset => ({
    type,
    body: Buffer.concat(files.map((file) => readFileSync(file))),
  });
  return {
    'status.css': read(SOURCES['status.css']),
    'status.js': read(SOURCES['status.js']),
    'icon.svg': read(SOURCES['icon.svg']),
  };
}

/** A short hash of the files. Another build has another hash. */
export function versionOf(assets: Readonly<Record<AssetName, Asset>>): string {
  const hash = createHash('sha256');
  for (const { body } of Object.values(assets)) hash.update(body);
  return hash.digest('hex').slice(0, 8);
}
