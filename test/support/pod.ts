import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Manifest } from './helm.ts';

type Texts = Readonly<Record<string, string>>;

/** The parts of a ConfigMap or Secret that tests read. */
interface Data extends Manifest {
  readonly data?: Texts;
  readonly stringData?: Texts;
}

interface KeyRef {
  readonly name: string;
  readonly key: string;
}

interface NamedSource {
  readonly name?: string;
  readonly optional?: boolean;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string; readonly scheme: string };
  readonly exec?: { readonly command: readonly string[] };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: KeyRef; readonly configMapKeyRef?: KeyRef };
  }[];
  readonly envFrom?: readonly {
    readonly secretRef?: NamedSource;
    readonly configMapRef?: NamedSource;
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly projected?: object;
  readonly emptyDir?: object;
}

/** A claim that each pod gets as a volume of the same name. */
interface ClaimTemplate {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly accessModes: readonly string[]; readonly storageClassName?: string };
}

/** The parts of the StatefulSet that tests read. */
export interface StatefulSet extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
    readonly serviceName: string;
    readonly selector: { readonly matchLabels: Texts };
    readonly template: {
      readonly metadata: { readonly labels: Texts };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly Container[];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

/** The parts of the pod of `helm test` that tests read. */
export interface TestPod extends Manifest {
  readonly spec: {
    readonly containers: readonly [
      Pick<Container, 'args' | 'env'> & { readonly command?: readonly string[] },
    ];
  };
}

/** The keys of ConfigMaps and Secrets that the values name but the chart does not render. */
export type Others = Readonly<Record<string, Texts>>;

/** The one object of a kind. */
export function only<Kind extends Manifest = Manifest>(
  manifests: readonly Manifest[],
  kind: string,
): Kind {
  const [manifest, ...more] = manifests.filter((each) => each.kind === kind);
  if (manifest === undefined || more.length > 0) throw new Error(`not exactly one ${kind}`);
  return manifest as Kind;
}

/** The container of the exporter. */
export function exporterOf(manifests: readonly Manifest[]): Container {
  const { containers } = only<StatefulSet>(manifests, 'StatefulSet').spec.template.spec;
  const container = containers.find(({ name }) => name === 'exporter');
  if (container === undefined) throw new Error('no container of the exporter');
  return container;
}

/** The names of all volumes of a pod, those of claims too. */
export function volumesOf(manifests: readonly Manifest[]): readonly string[] {
  const { template, volumeClaimTemplates = [] } = only<StatefulSet>(manifests, 'StatefulSet').spec;
  return [
    ...template.spec.volumes.map(({ name }) => name),
    ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
  ];
}

/**
 * Sets a pod up as the kubelet would, in a temporary folder: volumes as files, arguments with paths in
 * that folder, and environment variables.
 */
export class Pod {
  readonly #folder: string;
  readonly #others: Others;
  readonly #manifests: readonly Manifest[];
  #version = 0;

  constructor(folder: string, manifests: readonly Manifest[], others: Others = {}) {
    this.#folder = folder;
    this.#manifests = manifests;
    this.#others = others;
    this.mount(manifests);
  }

  /** The path in the folder for a path in the container. */
  path(inContainer: string): string {
    return join(this.#folder, inContainer);
  }

  get args(): readonly string[] {
    return exporterOf(this.#manifests).args.map((arg) =>
      arg.replace(/=(?=\/(?:etc|var)\/)/, `=${this.#folder}`),
    );
  }

  /** The environment variables of the pod with this ordinal. */
  env(ordinal = 0): Texts {
    const { env = [], envFrom = [] } = exporterOf(this.#manifests);
    const { metadata } = only(this.#manifests, 'StatefulSet');
    const named = env.map(({ name, value, valueFrom }) => {
      const ref = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef;
      return [name, ref ? this.#keyOf(ref) : (value ?? '').replace(/^\/etc\//, this.path('/etc/'))];
    });
    for (const { secretRef, configMapRef } of envFrom) {
      const { name = '', optional } = secretRef ?? configMapRef ?? {};
      if (!optional) Object.assign(named, Object.entries(this.#data(this.#manifests, name)));
    }
    return { HOSTNAME: `${metadata.name}-${ordinal}`, ...Object.fromEntries(named) };
  }

  /** Writes the files of the volumes. A symbolic link swaps each volume as a whole, as the kubelet does. */
  mount(manifests: readonly Manifest[]): void {
    const { volumes } = only<StatefulSet>(manifests, 'StatefulSet').spec.template.spec;
    this.#version++;
    for (const { name, mountPath } of exporterOf(manifests).volumeMounts) {
      if (!volumesOf(manifests).includes(name)) throw new Error(`no volume ${name}`);
      const volume = volumes.find((each) => each.name === name);
      const source = volume?.configMap?.name ?? volume?.secret?.secretName;
      if (source !== undefined) this.#swap(this.path(mountPath), this.#data(manifests, source));
      else mkdirSync(this.path(mountPath), { recursive: true });
    }
  }

  #swap(folder: string, files: Texts): void {
    const version = `..${this.#version}`;
    mkdirSync(join(folder, version), { recursive: true });
    for (const [key, text] of Object.entries(files)) {
      writeFileSync(join(folder, version, key), text);
      if (this.#version === 1) symlinkSync(join('..data', key), join(folder, key));
    }
    symlinkSync(version, join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
    rmSync(join(folder, `..${this.#version - 1}`), { recursive: true, force: true });
  }

  #keyOf({ name, key }: KeyRef): string {
    const value = this.#data(this.#manifests, name)[key];
    if (value === undefined) throw new Error(`no key ${key} in ${name}`);
    return value;
  }

  #data(manifests: readonly Manifest[], name: string): Texts {
    const manifest = manifests.find(
      (each) => ['ConfigMap', 'Secret'].includes(each.kind) && each.metadata.name === name,
    ) as Data | undefined;
    const found = manifest?.data ?? manifest?.stringData ?? this.#others[name];
    if (found === undefined) throw new Error(`nobody makes ${name}`);
    return found;
  }
}

/** The text of the exporter's configuration. */
export function configOf(manifests: readonly Manifest[]): unknown {
  const { metadata } = only(manifests, 'StatefulSet');
  const map = manifests.find(
    (each) => each.kind === 'ConfigMap' && each.metadata.name === metadata.name,
  ) as Data | undefined;
  return parse(map?.data?.['config.yml'] ?? '');
}
