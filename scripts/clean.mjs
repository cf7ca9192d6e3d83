// Empties dist/ before a build: otherwise the compiled code of a deleted source would stay there.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
