import { EXPORTER } from './exporter.ts';
import { FLEET } from './fleet.ts';
import { INSTANCE } from './instance.ts';
import { putTogether } from './put-together.ts';

/** Every dashboard as a file: its name in grafana/dashboards, and its text. */
export function dashboardFiles(): readonly { readonly name: string; readonly text: string }[] {
  const parts = [FLEET, INSTANCE, EXPORTER];
  return parts.map((part) => ({
    name: `${part.uid}.json`,
    text: `${JSON.stringify(putTogether(part, parts), null, 2)}\n`,
  }));
}
