// Writes grafana/dashboards from grafana/source.
import { writeFileSync } from 'node:fs';
import { dashboardFiles } from '../grafana/source/index.ts';

for (const { name, text } of dashboardFiles()) {
  writeFileSync(new URL(`../grafana/dashboards/${name}`, import.meta.url), text);
}
