import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Manifest, toolPath } from './helm.ts';

/** The package with the shapes of each group of Kubernetes' API that the chart renders. */
const PACKAGES: Readonly<Record<string, string>> = {
  v1: 'kubernetes-models/v1',
  'apps/v1': 'kubernetes-models/apps/v1',
  'policy/v1': 'kubernetes-models/policy/v1',
  'networking.k8s.io/v1': 'kubernetes-models/networking.k8s.io/v1',
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
};
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * Lists what differs from the shape that Kubernetes' OpenAPI description, or the definition of a custom
 * resource, gives each kind. Missing and unknown fields are both found.
 */
export async function shapeProblems(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const manifest of manifests) problems.push(...(await valueProblems(manifest)));
  return [...problems, ...fieldProblems(manifests)];
}

/** Checks values, patterns and formats with the validators that were compiled from the schemas. */
export async function valueProblems(manifest: Manifest): Promise<readonly string[]> {
  const { kind, metadata } = manifest;
  const file = toolPath(`${moduleOf(manifest)}.js`);
  const { [kind]: Model } = (await import(file.href)) as Record<
    string,
    new (
      data: Manifest,
    ) => { validate(): void }
  >;
  if (Model === undefined) throw new Error(`no shape for ${kind}`);
  try {
    new Model(manifest).validate();
    return [];
  } catch (error) {
    return [`${kind} ${metadata.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/**
 * Finds unknown fields with the TypeScript compiler: the validators let them pass, as the schemas do, but the
 * compiler refuses an object literal with a field that its type lacks.
 */
function fieldProblems(manifests: readonly Manifest[]): readonly string[] {
  const folder = mkdtempSync(join(fileURLToPath(toolPath('.')), 'check-'));
  try {
    const file = join(folder, 'manifests.ts');
    writeFileSync(file, manifests.map(asLiteral).join('\n'));
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    const args = [TSC, '--ignoreConfig', ...flags, '--target', 'es2023', '--pretty', 'false', file];
    const { status, stdout } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? [] : stdout.trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asLiteral(manifest: Manifest, index: number): string {
  const { kind } = manifest;
  return `import type { I${kind} as Kind${index} } from '${moduleOf(manifest)}';
export const manifest${index}: Kind${index} = ${JSON.stringify(manifest, null, 2)};`;
}

function moduleOf({ apiVersion, kind }: Manifest): string {
  const folder = PACKAGES[apiVersion];
  if (folder === undefined) throw new Error(`no shapes for ${apiVersion}`);
  return `${folder}/${kind}`;
}
