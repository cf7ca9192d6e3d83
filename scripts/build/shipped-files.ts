import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Plugin } from 'rolldown';

/** How code of the program names a file that it reads. */
const FILE = /new URL\('(\.[^']+)', import\.meta\.url\)/g;

/** Ships each file that the code names relative to its own source, and names it relative to the bundle instead. */
export function shippedFiles(): Plugin {
  return {
    name: 'shipped-files',
    transform(code, id) {
      if (id.includes('/node_modules/') || code.search(FILE) < 0) return null;
      const shipped = code.replaceAll(FILE, (_, path: string) => {
        const file = resolve(dirname(id), path);
        const reference = this.emitFile({
          type: 'asset',
          name: basename(file),
          originalFileName: file,
          source: readFileSync(file),
        });
        return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
      });
      // No line moves, so the source map of the bundle stays right.
      return { code: shipped, map: null };
    },
  };
}
