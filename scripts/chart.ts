// Writes what the Helm chart holds that is made from the rest of the project.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { madeFiles } from './chart/made-files.ts';

const root = new URL('../', import.meta.url);
const copies = new URL('config/kubernetes/sag-app-exporter/files/', root);
const files = madeFiles();
const made = new Set(files.map(({ path }) => path));
for (const folder of ['prometheus', 'dashboards']) {
  for (const name of readdirSync(new URL(`${folder}/`, copies))) {
    const path = `config/kubernetes/sag-app-exporter/files/${folder}/${name}`;
    if (!made.has(path)) rmSync(new URL(path, root));
  }
}
for (const { path, text } of files) writeFileSync(new URL(path, root), text);
