import { renderPlain } from './helm.ts';

const HEAD = `# The exporter in the namespace "monitoring", for use without Helm; \`npm run manifests\` generates this file
# from the chart. Put your configuration into the ConfigMap. docs/kubernetes.md explains how to give the exporter
# credentials, and what else you can change.
`;

/** The chart rendered with its defaults, without the labels and comments that only Helm needs. */
export function plainManifests(): string {
  const rendered = renderPlain()
    .replace(/^# Source: .*\n/gm, '')
    .replace(/^ +(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, '');
  return HEAD + rendered;
}
