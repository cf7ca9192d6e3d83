import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { serverCertificate } from '../../../support/certificates.ts';
import {
  CHART,
  CI_VALUES,
  ciValues,
  helm,
  type Manifest,
  manifestsOf,
  render,
  renderText,
} from '../../../support/helm.ts';
import { shapeProblems } from '../../../support/kubernetes-shapes.ts';
import { plainManifests } from '../../../support/plain-manifests.ts';
import {
  configOf,
  exporterOf,
  type Others,
  only,
  Pod,
  type StatefulSet,
} from '../../../support/pod.ts';
import { startCommand } from '../../../support/start-program.ts';
import { temporaryFile, temporaryFolder } from '../../../support/temporary-files.ts';

/** Objects that the values files name, which exist before the chart is installed. */
const TLS = await serverCertificate();
const OTHERS: Others = {
  'sag-credentials': { credentials: '[default]\ntype = access_key\n' },
  'sag-access-key': { access_key_id: 'LTAIexample', access_key_secret: 'example' },
  'sag-hash-key': { key: 'example' },
  'company-ca': { 'ca.pem': TLS.cert },
  'sag-app-exporter-tls': { 'tls.crt': TLS.cert, 'tls.key': TLS.key, 'ca.crt': TLS.cert },
  'sag-app-exporter-web': {
    'web.yml': 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }\n',
    'tls.crt': TLS.cert,
    'tls.key': TLS.key,
  },
};

interface Selecting extends Manifest {
  readonly spec: {
    readonly selector: Readonly<Record<string, string>> & {
      readonly matchLabels?: Readonly<Record<string, string>>;
    };
    readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  };
}

interface Service extends Selecting {
  readonly spec: Selecting['spec'] & {
    readonly ports: readonly { readonly name: string; readonly targetPort: string }[];
  };
}

interface ServiceMonitor extends Selecting {
  readonly spec: Selecting['spec'] & {
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
    readonly endpoints: readonly { readonly port: string }[];
  };
}

interface Admitting extends Manifest {
  readonly spec: {
    readonly ingress: readonly {
      readonly from: readonly {
        readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
      }[];
    }[];
  };
}

/** Names of the objects in `extraManifests` of everything-values.yaml, in the order of that file. */
const EXTRA = ['sag-exporter-prod-extra', 'first', 'second'];

const RENDERED = new Map(CI_VALUES.map((values) => [values, renderText(ciValues(values))]));

it('the chart renders only objects of the shapes that Kubernetes and the operator know', async () => {
  expect(await shapeProblems([...RENDERED.values()].flatMap(manifestsOf))).toEqual([]);
});

describe.each([...RENDERED])('with %s the chart', (values, text) => {
  const manifests = manifestsOf(text);

  it('passes helm lint', () => {
    expect(helm(['lint', '--strict', '--quiet', CHART, ciValues(values)]).status).toBe(0);
  });

  it('renders the same output each time, and no object twice', () => {
    expect(renderText(ciValues(values))).toBe(text);
    const ids = manifests.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('labels everything that is its own as Kubernetes recommends', () => {
    for (const { metadata } of manifests.filter(({ metadata }) => !EXTRA.includes(metadata.name))) {
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': expect.any(String),
        'app.kubernetes.io/instance': 'sag',
        'app.kubernetes.io/version': expect.any(String),
        'app.kubernetes.io/component': 'metrics',
        'app.kubernetes.io/managed-by': 'Helm',
      });
    }
  });

  it('has selectors that find the pods and the Service, and ports that exist', () => {
    const { metadata, spec } = only<StatefulSet>(manifests, 'StatefulSet');
    const podLabels = spec.template.metadata.labels;
    const service = only<Service>(manifests, 'Service');
    expect(podLabels).toMatchObject(spec.selector.matchLabels);
    expect(podLabels).toMatchObject(service.spec.selector);
    expect(spec.serviceName).toBe(service.metadata.name);
    expect(service.metadata.namespace).toBe(metadata.namespace);
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy']) {
      for (const each of manifests.filter((manifest) => manifest.kind === kind) as Selecting[]) {
        const selector = each.spec.podSelector ?? each.spec.selector;
        expect(podLabels).toMatchObject(selector.matchLabels ?? { none: 'selected' });
        expect(each.metadata.namespace).toBe(metadata.namespace);
      }
    }
    const ports = exporterOf(manifests).ports.map(({ name }) => name);
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual(ports);
    for (const monitor of manifests.filter((manifest) => manifest.kind === 'ServiceMonitor')) {
      const { selector, namespaceSelector, endpoints } = (monitor as ServiceMonitor).spec;
      expect(service.metadata.labels).toMatchObject(selector.matchLabels ?? { none: 'selected' });
      expect(namespaceSelector.matchNames).toEqual([service.metadata.namespace]);
      expect(endpoints.map(({ port }) => port)).toEqual(service.spec.ports.map(({ name }) => name));
    }
  });

  it('runs under a ServiceAccount that it renders', () => {
    const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
    const { spec } = only<StatefulSet>(manifests, 'StatefulSet').spec.template;
    expect(accounts.map(({ metadata }) => metadata.name)).toContain(spec.serviceAccountName);
  });

  it('has a test hook that no selector of the exporter finds, and that the NetworkPolicy admits', () => {
    const { metadata } = only(manifests, 'Pod');
    expect(metadata.annotations).toEqual({
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    const { selector } = only<StatefulSet>(manifests, 'StatefulSet').spec;
    expect(metadata.labels).not.toMatchObject(selector.matchLabels);
    for (const policy of manifests.filter(({ kind }) => kind === 'NetworkPolicy') as Admitting[]) {
      expect(policy.metadata.namespace).toBe(metadata.namespace);
      const admitted = policy.spec.ingress.flatMap(({ from }) =>
        from.map(({ podSelector }) => podSelector?.matchLabels ?? {}),
      );
      const own = admitted.filter((labels) => 'app.kubernetes.io/name' in labels);
      expect(own).toHaveLength(1);
      expect(metadata.labels).toMatchObject(own[0] ?? { none: 'admitted' });
    }
  });

  it('renders a configuration and a web configuration that are valid', async () => {
    const pod = new Pod(await temporaryFolder(), manifests, OTHERS);
    const config = pod.path('/etc/sag-app-exporter/config/config.yml');
    const checking = startCommand(['check-config', config], pod.env());
    expect(await checking.ended, checking.output.stderr).toBe(0);
    if (!pod.args.some((arg) => arg.startsWith('--web.config.file='))) return;
    const { status, stderr } = spawnSync('promtool', [
      'check',
      'web-config',
      pod.path('/etc/sag-app-exporter/web/web.yml'),
    ]);
    expect(status, stderr.toString()).toBe(0);
  });
});

describe('the chart', () => {
  it('has tests that find an object of a wrong shape', async () => {
    const manifests = structuredClone(render(ciValues('default-values.yaml')));
    const container = exporterOf(manifests) as unknown as Record<string, unknown>;
    container['livnessProbe'] = {};
    expect((await shapeProblems(manifests)).join('\n')).toContain('"livnessProbe"');
    delete container['livnessProbe'];
    container['imagePullPolicy'] = 'Sometimes';
    expect((await shapeProblems(manifests)).join('\n')).toContain('Sometimes');
  });

  it('divides the fleet among as many shards as there are pods', () => {
    expect(configOf(render(ciValues('sharded-values.yaml')))).toMatchObject({
      shard: { index: 'hostname', total: 3 },
      metrics: { max_user_series: 1_000_000 },
    });
    expect(configOf(render())).toEqual({});
  });

  it('uses exec probes if the kubelet would need a password', () => {
    const open = exporterOf(render(ciValues('tls-only-values.yaml')));
    expect(open.livenessProbe.httpGet).toMatchObject({ path: '/-/healthy', scheme: 'HTTPS' });
    expect(open.readinessProbe.httpGet).toMatchObject({ path: '/-/ready', scheme: 'HTTPS' });
    const closed = exporterOf(render(ciValues('tls-and-users-values.yaml')));
    expect(closed.livenessProbe.httpGet).toBeUndefined();
    expect(closed.livenessProbe.exec?.command).toContain('healthcheck');
  });

  it('restarts pods after a change of the configuration only if the values ask for it', () => {
    const template = (...values: readonly string[]) =>
      only<StatefulSet>(render(...values), 'StatefulSet').spec.template;
    const other = ['--set=config.polling.page_size=20'];
    const restart = '--set=restartOnConfigChange=true';
    expect(template(...other)).toEqual(template());
    expect(template(...other, restart)).not.toEqual(template(restart));
  });

  it.each([
    ['en', 'alerts'],
    ['zh-CN', 'zh-CN/alerts'],
  ])(
    'has the rules of config/prometheus in %s, which promtool accepts',
    async (language, alerts) => {
      const spec = rulesOf(
        render('--set=prometheusRule.enabled=true', `--set=language=${language}`),
      );
      const written = ['thresholds', 'recording-rules', alerts].flatMap((name) => {
        const text = readFileSync(`${CHART}/files/prometheus/${name}.yml`, 'utf8');
        return (parse(text) as Rules).groups;
      });
      expect(spec.groups).toEqual(written);
      const file = await temporaryFile('rules.yml', JSON.stringify(spec));
      const { status, stdout } = spawnSync('promtool', ['check', 'rules', '--lint-fatal', file]);
      expect(status, stdout.toString()).toBe(0);
    },
  );

  it('changes rules as the values say', async () => {
    const spec = rulesOf(render(ciValues('everything-values.yaml')));
    const file = await temporaryFile('rules.yml', JSON.stringify(spec));
    expect(spawnSync('promtool', ['check', 'rules', '--lint-fatal', file]).status).toBe(0);
    const rules = spec.groups.flatMap((group) => group.rules);
    const near = rules.filter(({ record }) => record?.endsWith('users_limit_used_ratio'));
    expect(near.map(({ labels, expr }) => [labels?.['severity'], expr])).toEqual([
      ['warning', 'vector(0.8)'],
      ['critical', 'vector(0.95)'],
    ]);
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    expect(alerts.map(({ alert }) => alert)).not.toContain('SagAppSessionUnusuallyLong');
    for (const { labels, annotations } of alerts) {
      expect(labels).toMatchObject({ team: 'network', severity: expect.any(String) });
      expect(annotations?.['runbook_url']).toMatch(
        /^https:\/\/git\.example\.com\/sag-app-exporter\/docs\/runbooks\/[a-z-]+\.md$/,
      );
    }
  });

  it.each([
    ['en', ''],
    ['zh-CN', 'zh-CN/'],
  ])('has unchanged copies of the dashboards in %s', (language, folder) => {
    const maps = render('--set=dashboards.enabled=true', `--set=language=${language}`).filter(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && metadata.labels?.['grafana_dashboard'] === '1',
    ) as (Manifest & { readonly data: Readonly<Record<string, string>> })[];
    expect(maps).toHaveLength(3);
    for (const { data } of maps) {
      for (const [name, text] of Object.entries(data)) {
        expect(text.trim()).toBe(
          readFileSync(`${CHART}/files/dashboards/${folder}${name}`, 'utf8').trim(),
        );
      }
    }
  });

  it.each(documentedValues())('takes the values that docs/kubernetes.md shows: %j', (values) => {
    const named = [values, { image: { repository: 'registry.example.com/sag-app-exporter' } }];
    const files = named.map((each) => `--set-json=${JSON.stringify(each)}`);
    expect(only<StatefulSet>(render(...files), 'StatefulSet').kind).toBe('StatefulSet');
  });

  it('renders templates in extra manifests and adds nothing to them', () => {
    const manifests = render(ciValues('everything-values.yaml'));
    const extra = manifests.filter(({ metadata }) => EXTRA.includes(metadata.name));
    expect(
      extra.sort((a, b) => EXTRA.indexOf(a.metadata.name) - EXTRA.indexOf(b.metadata.name)),
    ).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'sag-exporter-prod-extra',
          namespace: 'observability',
          labels: { 'written-by': 'user' },
        },
        data: { port: '11313' },
      },
      ...['first', 'second'].map((name) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: 'monitoring' },
      })),
    ]);
  });

  it('has no test and admits none if the values switch it off', () => {
    const off = ['--set=helmTest.enabled=false', '--set=networkPolicy.enabled=true'];
    const manifests = render(...off, '--set=networkPolicy.ingressNamespaces=null');
    expect(manifests.map(({ kind }) => kind)).not.toContain('Pod');
    expect(only<Admitting>(manifests, 'NetworkPolicy').spec.ingress).toEqual([]);
  });

  it('runs containers beside and before the exporter, with the DNS settings of the values', () => {
    const { spec } = only<StatefulSet>(render(ciValues('everything-values.yaml')), 'StatefulSet');
    expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(['exporter', 'shipper']);
    expect(spec).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      template: {
        spec: {
          initContainers: [{ name: 'wait' }],
          dnsPolicy: 'ClusterFirst',
          dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
          hostAliases: [{ ip: '10.0.0.7', hostnames: ['smartag-vpc.cn-shanghai.aliyuncs.com'] }],
        },
      },
    });
  });

  it('renders the manifests for use without Helm', () => {
    const file = new URL('../../../../config/kubernetes/manifests.yaml', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(plainManifests());
  });

  it('allows egress to the proxy and the metadata service', () => {
    const policy = only<Manifest & { readonly spec: { readonly egress: unknown } }>(
      render(ciValues('everything-values.yaml')),
      'NetworkPolicy',
    );
    expect(policy.spec.egress).toContainEqual({
      ports: [
        { port: 443, protocol: 'TCP' },
        { port: 3128, protocol: 'TCP' },
      ],
    });
    expect(policy.spec.egress).toContainEqual({
      to: [{ ipBlock: { cidr: '100.100.100.200/32' } }],
      ports: [{ port: 80, protocol: 'TCP' }],
    });
  });

  it('allows egress to the proxy and the endpoints of the configuration, and nothing else', () => {
    const values = {
      networkPolicy: { enabled: true, egressPorts: [] },
      config: {
        proxy: 'http://user:secret@proxy:3129',
        accounts: [
          { name: 'a', endpoint: 'https://[fd00::1]:8443' },
          { name: 'b', endpoint: 'http://simulator' },
          {
            name: 'c',
            credentials: { role_arn: 'acs:ram::1:role/a', sts_endpoint: 'https://sts' },
          },
        ],
      },
    };
    expect(egressOf(values)).toEqual([53, 53, 8443, 443, 80, 3129].sort(byNumber));
    expect(egressOf({ networkPolicy: values.networkPolicy })).toEqual([53, 53]);
  });

  it('renders integers, texts and volumes in the types of Kubernetes', () => {
    const long = 'a'.repeat(253);
    const values = {
      web: { maxRequests: 1_000_000 },
      terminationGracePeriodSeconds: 12_345_678,
      secretMounts: ['a.dotted.name', long],
      extraEnv: [
        { name: 'NUMBER', value: 12_345_678 },
        { name: 'TRUTH', value: true },
      ],
    };
    const manifests = render(`--set-json=${JSON.stringify(values)}`);
    const { args, env, volumeMounts } = exporterOf(manifests);
    expect(args).toContain('--web.max-requests=1000000');
    expect(env).toEqual([
      { name: 'NUMBER', value: '12345678' },
      { name: 'TRUTH', value: 'true' },
    ]);
    expect(volumeMounts.map(({ name, mountPath }) => [name, mountPath])).toEqual([
      ['storage', '/var/lib/sag-app-exporter'],
      ['config', '/etc/sag-app-exporter/config'],
      ['secret-0', '/etc/sag-app-exporter/secrets/a.dotted.name'],
      ['secret-1', `/etc/sag-app-exporter/secrets/${long}`],
    ]);
    expect(only<StatefulSet>(manifests, 'StatefulSet').spec.template.spec).toMatchObject({
      terminationGracePeriodSeconds: 12_345_678,
    });
  });

  it('keeps the state in a folder that ends with the pod, or in a claim of each pod', () => {
    const { args, volumeMounts } = exporterOf(render());
    expect(args).toContain('--storage.path=/var/lib/sag-app-exporter');
    const [mount] = volumeMounts;
    expect(mount).toEqual({ name: 'storage', mountPath: '/var/lib/sag-app-exporter' });
    const { spec } = only<StatefulSet>(render(), 'StatefulSet');
    expect(spec.volumeClaimTemplates).toBeUndefined();
    expect(spec.template.spec.volumes).toContainEqual({ name: 'storage', emptyDir: {} });

    const kept = only<StatefulSet>(render(ciValues('everything-values.yaml')), 'StatefulSet').spec;
    expect(kept.template.spec.volumes.map(({ name }) => name)).not.toContain('storage');
    expect(kept.volumeClaimTemplates).toMatchObject([
      {
        metadata: { name: 'storage', annotations: { 'example.com/backup': 'none' } },
        spec: {
          accessModes: ['ReadWriteOncePod'],
          storageClassName: 'alicloud-disk-essd',
          resources: { requests: { storage: '20Gi' } },
        },
      },
    ]);
  });

  it.each([
    ['', undefined],
    ['-', ''],
    ['fast', 'fast'],
  ])('names the storage class %j as Kubernetes wants it', (storageClass, name) => {
    const values = { persistence: { enabled: true, storageClass } };
    const { spec } = only<StatefulSet>(
      render(`--set-json=${JSON.stringify(values)}`),
      'StatefulSet',
    );
    const [claim] = spec.volumeClaimTemplates ?? [];
    expect(claim?.spec.accessModes).toEqual(['ReadWriteOnce']);
    expect(claim?.spec.storageClassName).toBe(name);
  });

  it('has the label and annotation with which the RRSA add-on gives pods a role', () => {
    const manifests = render(ciValues('rrsa-values.yaml'));
    expect(only(manifests, 'ServiceAccount').metadata.annotations).toEqual({
      'pod-identity.alibabacloud.com/role-name': 'sag-app-exporter',
      'pod-identity.alibabacloud.com/service-account-token-expiration': '3600',
    });
    const { template } = only<StatefulSet>(manifests, 'StatefulSet').spec;
    expect(template.metadata.labels).toMatchObject({
      'pod-identity.alibabacloud.com/injection': 'on',
    });
    expect(template.spec.volumes.map(({ name }) => name)).toEqual(['storage', 'config']);
  });

  it('sets token and variables itself if the RRSA add-on is missing', () => {
    const manifests = render(ciValues('rrsa-without-webhook-values.yaml'));
    expect(exporterOf(manifests).env).toContainEqual({
      name: 'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
      value: '/var/run/secrets/ack.alibabacloud.com/rrsa-tokens/token',
    });
    const { volumes } = only<StatefulSet>(manifests, 'StatefulSet').spec.template.spec;
    expect(volumes).toContainEqual({
      name: 'rrsa-oidc-token',
      projected: {
        sources: [
          {
            serviceAccountToken: {
              audience: 'sts.aliyuncs.com',
              expirationSeconds: 3600,
              path: 'token',
            },
          },
        ],
      },
    });
  });
});

/** The values that docs/kubernetes.md shows, marked as such. */
function documentedValues(): readonly unknown[] {
  const page = readFileSync(new URL('../../../../docs/kubernetes.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^( *)```yaml\n\1(# values\.yaml\n[\s\S]*?)^\1```$/gm)];
  expect(blocks.length).toBeGreaterThan(8);
  return blocks.map(([, indent = '', text = '']) => parse(text.replaceAll(`\n${indent}`, '\n')));
}

const byNumber = (a: number, b: number): number => a - b;

/** The egress ports of the NetworkPolicy, sorted. */
function egressOf(values: unknown): readonly number[] {
  const { spec } = only<
    Manifest & {
      readonly spec: {
        readonly egress: readonly { readonly ports: readonly { port: number }[] }[];
      };
    }
  >(render(`--set-json=${JSON.stringify(values)}`), 'NetworkPolicy');
  return spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)).sort(byNumber);
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly record?: string;
      readonly alert?: string;
      readonly expr: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
  }[];
}

function rulesOf(manifests: readonly Manifest[]): Rules {
  return only<Manifest & { readonly spec: Rules }>(manifests, 'PrometheusRule').spec;
}
