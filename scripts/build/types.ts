import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { DIST, PROJECT } from './folders.ts';

/**
 * Writes the types of `sag-app-exporter/simulator` as one file that needs no package but @types/node. The compiler
 * writes a file for each source; the bundler joins them and drops the types that the simulator does not export.
 */
export async function writeTypes(): Promise<void> {
  const compiled = join(DIST, 'types');
  try {
    const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json', '--outDir', compiled], {
      cwd: PROJECT,
      stdio: 'inherit',
    });
    const bundle = await rolldown({
      input: { simulator: join(compiled, 'simulator/index.d.ts') },
      external: /^node:/,
      // The stand-in for zod has only the type that remains.
      checks: { importIsUndefined: false },
      plugins: [schemasAsUnknown(), dts({ dtsInput: true, tsconfig: false })],
    });
    await bundle.write({ dir: DIST, format: 'esm' });
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

/**
 * Replaces the types of zod. The tables from which the simulator's types are derived have schemas too, which are not
 * exported.
 */
function schemasAsUnknown(): Plugin {
  const STAND_IN = '\0zod.d.ts';
  return {
    name: 'schemas-as-unknown',
    resolveId: {
      order: 'pre',
      handler: (source) => (source === 'zod' ? STAND_IN : null),
    },
    load: (id) =>
      id === STAND_IN
        ? 'export declare namespace z { interface ZodType<Output = unknown> { readonly output: Output } }'
        : null,
  };
}
