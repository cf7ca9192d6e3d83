// Writes generated files: `tsx scripts/generate.ts GENERATOR`, with a key of GENERATORS (generators.ts).
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { PROJECT } from './generated-file.ts';
import { GENERATED_FOLDERS, GENERATORS } from './generators.ts';

const name = Object.keys(GENERATORS).find((key) => key === process.argv[2]);
if (name === undefined) throw new Error(`usage: generate ${Object.keys(GENERATORS).join(' | ')}`);
const generator = name as keyof typeof GENERATORS;
const files = await GENERATORS[generator]();
const paths = new Set(files.map(({ path }) => path));
for (const folder of GENERATED_FOLDERS[generator] ?? []) {
  mkdirSync(new URL(folder, PROJECT), { recursive: true });
  for (const entry of readdirSync(new URL(folder, PROJECT), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isFile() && !paths.has(path)) rmSync(new URL(path, PROJECT));
  }
}
for (const { path, text } of files) writeFileSync(new URL(path, PROJECT), text);
