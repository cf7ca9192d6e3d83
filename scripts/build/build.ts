/*
 * Makes dist/ anew: the bundle, the types of the simulator, and the bill of materials.
 *
 *   npm run build
 */
import { rmSync, writeFileSync } from 'node:fs';
import { writeBundle } from './bundle.ts';
import { bundledPackages } from './bundled-packages.ts';
import { DIST } from './folders.ts';
import { billOfMaterials } from './sbom.ts';
import { writeTypes } from './types.ts';

rmSync(DIST, { recursive: true, force: true });
const bundle = await writeBundle();
await writeTypes();
const bill = billOfMaterials(bundledPackages(bundle));
writeFileSync(`${DIST}/sbom.cdx.json`, `${JSON.stringify(bill, undefined, 2)}\n`);
