import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { DIST, PROJECT } from './folders.ts';

/**
 * Writes the types of `sag-app-exporter/simulator` as one file that needs no package but @types/node. The compiler
 * writes a file for each source; the bundler joins them and drops the types that the simulator does not export.
 */
export async function writeTypes(): Promise<void> {
  const compiled = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json', '--outDir', compiled], {
      cwd: PROJECT,
      stdio: 'inherit',
    });
    const bundle = await rolldown({
      input: { simulator: join(compiled, 'simulator/index.d.ts') },
      external: /^node:/,
      plugins: [schemasAsUnknown(), dts({ dtsInput: true, tsconfig: false })],
    });
    await bundle.write({ dir: DIST, format: 'esm' });
  } finally {
    rmSync(compiled, { recursive: true });
  }
}

/**
 * Replaces the types of zod. The tables from which the simulator's types are derived have schemas too, which are not
 * exported.
 */
function schemasAsUnknown() {
  const STAND_IN = 'zod-stand-in.d.ts';
  return {
    name: 'schemas-as-unknown',
    resolveId: (source: string) => (source.startsWith('zod') ? STAND_IN : null),
    load: (id: string) =>
      id === STAND_IN
        ? 'export declare namespace z { interface ZodType<Output = unknown> { readonly output: Output } }'
        : null,
  };
}
