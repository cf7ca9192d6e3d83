import { renderPlain } from './helm.ts';

const HEAD = `# The exporter in the namespace "monitoring", for those who do without Helm: made from the chart by
# \`npm run manifests\`. What to change: the image, and the configuration in the ConfigMap. How to
# give it credentials, and what else there is: docs/kubernetes.md.
`;

/** The chart rendered with its defaults, without the labels and comments that only Helm needs. */
export function plainManifests(): string {
  const rendered = renderPlain()
    .replace(/^# Source: .*\n/gm, '')
    .replace(/^ +(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, '');
  return HEAD + rendered;
}
