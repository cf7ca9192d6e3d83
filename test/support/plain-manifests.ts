import { renderPlain } from './helm.ts';

const HEAD = `# The exporter in the namespace "monitoring", for use without Helm; \`npm run manifests\` generates this file
# from the chart. Change the image, and the configuration in the ConfigMap. docs/kubernetes.md explains how to
# give it credentials, and what else there is.
`;

/** The chart rendered with its defaults, without the labels and comments that only Helm needs. */
export function plainManifests(): string {
  const rendered = renderPlain()
    .replace(/^# Source: .*\n/gm, '')
    .replace(/^ +(?:helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, '');
  return HEAD + rendered;
}
