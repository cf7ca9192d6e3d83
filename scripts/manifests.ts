// Writes config/kubernetes/manifests.yaml, the chart rendered for those who do without Helm. Needs
// .ci/kubernetes/install.
import { writeFileSync } from 'node:fs';
import { plainManifests } from '../test/support/plain-manifests.ts';

const file = new URL('../config/kubernetes/manifests.yaml', import.meta.url);
writeFileSync(file, plainManifests());
