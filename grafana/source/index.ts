import { EXPORTER } from './exporter/index.ts';
import { FLEET } from './fleet/index.ts';
import { INSTANCE } from './instance/index.ts';
import { putTogether } from './put-together.ts';
import { folderOf, LANGUAGES } from './text.ts';

/** Every dashboard in each language: its path in grafana/dashboards, and its text. */
export function dashboardFiles(): readonly { readonly path: string; readonly text: string }[] {
  const all = [FLEET, INSTANCE, EXPORTER];
  return LANGUAGES.flatMap((language) =>
    all.map((parts) => ({
      path: `${folderOf(language)}${parts.uid}.json`,
      text: `${JSON.stringify(putTogether(parts, all, language), null, 2)}\n`,
    })),
  );
}
