import {
  type InputOptions,
  type OutputAsset,
  type OutputChunk,
  type OutputOptions,
  rolldown,
} from 'rolldown';
import { DIST, PROJECT } from './folders.ts';
import { shippedFiles } from './shipped-files.ts';
import { withoutNeedless } from './without-needless.ts';
import { withoutUrlParse } from './without-url-parse.ts';

export type Bundle = readonly (OutputChunk | OutputAsset)[];

/** Packages that are installed beside the bundle. */
export const NOT_BUNDLED = [
  // Node.js loads its native part from a file of its own.
  'bcrypt',
];

const INPUT: InputOptions = {
  cwd: PROJECT,
  input: { main: 'src/main.ts', simulator: 'src/simulator/index.ts' },
  platform: 'node',
  external: NOT_BUNDLED,
  plugins: [withoutNeedless(), withoutUrlParse(), shippedFiles()],
  onLog(level, log) {
    throw new Error(`rolldown: ${level}: ${log.message}`);
  },
};

const OUTPUT: OutputOptions = {
  dir: DIST,
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  assetFileNames: 'assets/[name][extname]',
  // Shorter code is read faster at the start. Names of functions stay, because the stack of a defect shows them.
  minify: { compress: true, mangle: { keepNames: true }, codegen: true },
  // V8 keeps a file with characters outside Latin-1 in twice the memory, and reads it more slowly.
  charset: 'ascii',
  // src/source-positions.ts reads the maps.
  sourcemap: true,
  sourcemapExcludeSources: true,
  // THIRD-PARTY-LICENSES.md has the licence texts.
  comments: { legal: false },
};

/** Bundles the program and the simulator with their packages into dist/. */
export async function writeBundle(): Promise<Bundle> {
  const bundle = await rolldown(INPUT);
  return (await bundle.write(OUTPUT)).output;
}

/** Makes the bundle and writes nothing. */
export async function makeBundle(): Promise<Bundle> {
  const bundle = await rolldown(INPUT);
  return (await bundle.generate(OUTPUT)).output;
}
