// Copies the files that browsers get unchanged to the compiled code.
import { cpSync } from 'node:fs';

const folder = (root) => new URL(`../${root}/web/assets/`, import.meta.url);

cpSync(folder('src'), folder('dist'), { recursive: true });
