import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HOUR, SECOND } from '../../clock.ts';

export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

/**
 * Seconds for which browsers may cache a file. Each build has its own addresses, so browsers load the files
 * of a new build at once.
 */
export const ASSET_AGE = HOUR / SECOND;

/** @throws Error when a file is missing */
export function readAssets(): readonly Asset[] {
  const own = (name: string): URL => new URL(`../assets/${name}`, import.meta.url);
  const require = createRequire(import.meta.url);
  const idiomorph = require.resolve('idiomorph/dist/idiomorph.min.js');
  return [
    { name: 'status.css', type: 'text/css', body: readFileSync(own('status.css')) },
    {
      name: 'status.js',
      type: 'text/javascript',
      // The script needs the global `Idiomorph`. With both in one file, the browser makes one request and the
      // order is fixed.
      body: Buffer.concat([readFileSync(idiomorph), readFileSync(own('status.js'))]),
    },
    { name: 'icon.svg', type: 'image/svg+xml', body: readFileSync(own('icon.svg')) },
  ];
}

/** A short hash of the files. Another build has another hash. */
export function versionOf(assets: readonly Asset[]): string {
  const hash = createHash('sha256');
  for (const { body } of assets) hash.update(body);
  return hash.digest('hex').slice(0, 8);
}
