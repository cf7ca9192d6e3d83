import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What browsers are sent as it is, with its type. */
const TYPES = {
  'status.css': 'text/css',
  'status.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
} as const;

/** A file for browsers. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

/** Seconds that browsers may keep one; another build's has another address. */
export const ASSET_AGE = 3600;

/** The files for browsers. @throws Error when one is missing beside the code */
export function readAssets(): readonly Asset[] {
  return Object.entries(TYPES).map(([name, type]) => {
    const body = readFileSync(new URL(`../assets/${name}`, import.meta.url));
    return { name, type, body };
  });
}

/** Tells these files from those of another build. */
export function versionOf(assets: readonly Asset[]): string {
  const hash = createHash('sha256');
  for (const { body } of assets) hash.update(body);
  return hash.digest('hex').slice(0, 8);
}
