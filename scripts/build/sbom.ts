import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { BundledPackage } from './bundled-packages.ts';
import { PROJECT } from './folders.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly object[];
}

interface Dependencies {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** The parts of a bill of materials in the format CycloneDX that are read here. */
export interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependencies[];
}

/**
 * The bill of materials of the program. npm lists every package of the lock file, and takes those of the bundle for
 * development tools; only packages of the program are kept, each as a required part of it.
 */
export function billOfMaterials(packages: readonly BundledPackage[]): Bill {
  const bill = JSON.parse(billOfLockFile()) as Bill;
  const inProgram = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const components = bill.components
    .filter(({ name, version }) => inProgram.has(`${name}@${version}`))
    .map(({ 'bom-ref': ref, name, version, purl, licenses }) => ({
      'bom-ref': ref,
      type: 'library',
      name,
      version,
      scope: 'required',
      purl,
      ...(licenses && { licenses }),
    }));
  const kept = new Set(components.map((component) => component['bom-ref']));
  const dependsOnKept = ({ ref, dependsOn = [] }: Dependencies): Dependencies => ({
    ref,
    dependsOn: dependsOn.filter((other) => kept.has(other)),
  });
  // npm names the program after the folder of the clone.
  const { name } = JSON.parse(readFileSync(`${PROJECT}package.json`, 'utf8')) as Component;
  const component = { ...bill.metadata.component, name };
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref) || ref === component['bom-ref'])
    .map(dependsOnKept);
  return { ...bill, metadata: { ...bill.metadata, component }, components, dependencies };
}

function billOfLockFile(): string {
  const format = ['--sbom-format=cyclonedx', '--sbom-type=application'];
  return execFileSync('npm', ['sbom', ...format, '--package-lock-only'], {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}
