// Writes THIRD-PARTY-LICENSES.md: every package that is installed with the exporter, and its licence.
import { writeFileSync } from 'node:fs';
import { thirdPartyLicenses } from './third-party/licenses.ts';

writeFileSync(new URL('../THIRD-PARTY-LICENSES.md', import.meta.url), thirdPartyLicenses());
