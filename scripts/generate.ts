// Writes files that are generated: `tsx scripts/generate.ts GENERATOR`, one of those in generators.ts.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { PROJECT } from './generated-file.ts';
import { GENERATED_FOLDERS, GENERATORS } from './generators.ts';

const name = Object.keys(GENERATORS).find((key) => key === process.argv[2]);
if (name === undefined) throw new Error(`usage: generate ${Object.keys(GENERATORS).join(' | ')}`);
const generator = name as keyof typeof GENERATORS;
const files = GENERATORS[generator]();
const paths = new Set(files.map(({ path }) => path));
for (const folder of GENERATED_FOLDERS[generator] ?? []) {
  for (const name of readdirSync(new URL(folder, PROJECT))) {
    const path = `${folder}/${name}`;
    if (!paths.has(path)) rmSync(new URL(path, PROJECT));
  }
}
for (const { path, text } of files) writeFileSync(new URL(path, PROJECT), text);
