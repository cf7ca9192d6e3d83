import { z } from 'zod';
import { LANGUAGES } from '../../grafana/source/text.ts';

/*
 * The values that the chart accepts. Values that the chart writes into objects (names, labels, integers, ports,
 * variables, volumes) are restricted to what Kubernetes accepts. Kubernetes checks the objects that the chart
 * passes on as they are (affinity, security contexts, peers of a NetworkPolicy and so on): the schema gives only
 * their outermost shape.
 */

/** What Kubernetes' int32 fields hold at most. */
const INT32_MAX = 2_147_483_647;

/** Takes no keys but those listed. */
const section = z.strictObject;
/** Checks the keys listed; other keys are passed on to Kubernetes. */
const entry = z.looseObject;

const text = z.string();
const toggle = z.boolean();
const count = z.int().min(0).max(INT32_MAX);
const atLeastOne = count.min(1);
/** An object that is passed on to Kubernetes as it is. */
const object = z.record(z.string(), z.unknown());
const objects = z.array(object);
const matching = (pattern: RegExp) => z.string().regex(pattern);
/** A flag of `serve` and its value in one text, such as `--web.enable-lifecycle`. */
const flag = matching(/^--[a-z][\w.-]*(=|$)/);

/** A part of a DNS name, in the syntax of RFC 1123. */
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const optional = (pattern: string) => new RegExp(`^(${pattern})?$`);
/** Name of a Secret, ConfigMap, ServiceAccount or PriorityClass, or of a host. */
const objectName = matching(new RegExp(`^${SUBDOMAIN}$`)).max(253);
const optionalName = matching(optional(SUBDOMAIN)).max(253);
const namespace = matching(new RegExp(`^${LABEL}$`)).max(63);
const optionalNamespace = matching(optional(LABEL)).max(63);
/** Key of a ConfigMap or Secret; such keys become names of files, so `..` is not possible. */
const dataKey = matching(/^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$/).max(253);

const LABEL_TEXT = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?';
/** Key of a label or annotation: at most 63 characters, behind a domain of at most 253. */
const labelKey = matching(new RegExp(`^(${SUBDOMAIN}/)?${LABEL_TEXT}$`)).regex(
  /^([^/]{1,253}\/)?[^/]{1,63}$/,
);
const annotations = z.record(labelKey, z.string());
const labels = z.record(labelKey, matching(optional(LABEL_TEXT)).max(63));
/** Labels of Prometheus, which have another syntax than those of Kubernetes. */
const seriesLabels = z.record(matching(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string());

const port = z.int().min(1).max(65_535);
const optionalCount = z.nullable(count);
/** A duration of Prometheus in whole seconds or minutes, so that the chart can compare two. */
/** IPv4 or IPv6. */
const address = matching(/^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/);

const duration = matching(/^[1-9][0-9]{0,5}[sm]$/);
/** As the flag `--web.telemetry-path` accepts it. */
const telemetryPath = matching(/^\/([-\w.~][-\w./~]*)?$/);
const proxyUrl = matching(
  /^(https?:\/\/([^\s/?#@]*@)?([-\w.]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\/?)?$/,
);
/** The part of an image's name after the registry's host. */
const IMAGE_PATH = '[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*';
const imageRepository = matching(
  new RegExp(`^([A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]+)?/)?${IMAGE_PATH}(/${IMAGE_PATH})*$`),
);
/** An amount of a resource. */
const quantity = matching(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][0-9]{1,2})?$/);
/** A number is accepted too, since `cpu: 2` is usually not quoted. */
const quantities = z.record(labelKey, z.union([quantity, z.number().min(0)]));
const resources = section({
  requests: quantities.optional(),
  limits: quantities.optional(),
  claims: objects.optional(),
});
/** What happens to a claim when its StatefulSet is deleted, or its pod is one too many. */
const retention = z.enum(['Retain', 'Delete']);
/** Size of a volume, in bytes or with a unit; never 0. */
const volumeSize = matching(/^[1-9][0-9]{0,14}(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/);
const secretKey = section({ name: objectName, key: dataKey, optional: toggle.optional() });
/** Kubernetes' name of a volume. */
const volumeName = matching(new RegExp(`^${LABEL}$`)).max(63);
/** `value` may be a number or a truth value: the chart quotes it. */
const variable = entry({
  name: matching(/^[a-zA-Z_][-._a-zA-Z0-9]*$/),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  valueFrom: object.optional(),
});

/** The values, each of which has its default in values.yaml. */
export const chartValues = section({
  nameOverride: text,
  fullnameOverride: text,
  namespaceOverride: optionalNamespace,
  commonLabels: labels,
  image: section({
    repository: imageRepository,
    tag: matching(/^([A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?$/),
    digest: matching(/^(sha256:[0-9a-f]{64})?$/),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  }),
  imagePullSecrets: z.array(section({ name: objectName })),
  // The exporter can divide its budget among at most this many.
  replicas: z.int().min(0).max(100),
  // helm-schema.ts puts the exporter's own schema here.
  config: object,
  restartOnConfigChange: toggle,
  credentials: section({
    existingSecret: optionalName,
    accessKeyId: matching(/^\S*$/),
    accessKeySecret: matching(/^\S*$/),
  }),
  rrsa: section({
    enabled: toggle,
    roleName: matching(/^[A-Za-z0-9._-]*$/),
    roleArn: matching(/^(acs:ram::[0-9]+:role\/\S+)?$/),
    oidcProviderArn: matching(/^(acs:ram::[0-9]+:oidc-provider\/\S+)?$/),
    stsRegion: text,
    vpcEndpoint: toggle,
    tokenExpirationSeconds: z.int().min(600).max(43_200),
  }),
  secretMounts: z.array(objectName),
  extraCA: section({ configMap: optionalName, secret: optionalName, key: dataKey }),
  proxy: section({
    httpsProxy: proxyUrl,
    httpProxy: proxyUrl,
    noProxy: text,
    existingSecret: optionalName,
  }),
  log: section({
    level: z.enum(['debug', 'info', 'warn', 'error']),
    format: z.enum(['json', 'logfmt', 'pretty']),
  }),
  web: section({
    port: z.int().min(1024).max(65_535),
    telemetryPath,
    enableLifecycle: toggle,
    // As the flag `--web.max-requests` accepts it.
    maxRequests: z.nullable(z.int().min(1).max(999_999_999)),
    config: z.strictObject({
      tls_server_config: object.optional(),
      http_server_config: object.optional(),
      basic_auth_users: z.record(z.string(), z.string()).optional(),
      rate_limit: object.optional(),
    }),
    existingSecret: optionalName,
    tls: toggle,
    authenticated: toggle,
    certificateSecret: optionalName,
  }),
  persistence: section({
    enabled: toggle,
    size: volumeSize,
    storageClass: matching(optional(`-|${SUBDOMAIN}`)).max(253),
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])),
    annotations,
    retentionPolicy: section({
      whenDeleted: retention.optional(),
      whenScaled: retention.optional(),
    }),
  }),
  // Kubernetes accepts no other number of successes than 1 but for readiness.
  probes: section({
    startup: probe(z.literal(1)),
    liveness: probe(z.literal(1)),
    readiness: probe(atLeastOne),
  }),
  resources,
  podSecurityContext: object,
  securityContext: object,
  serviceAccount: section({ create: toggle, name: optionalName, annotations }),
  service: section({ port, annotations, labels }),
  statefulSetAnnotations: annotations,
  podAnnotations: annotations,
  podLabels: labels,
  nodeSelector: labels,
  tolerations: objects,
  affinity: object,
  topologySpreadConstraints: objects,
  priorityClassName: optionalName,
  dnsPolicy: z.enum(['', 'ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']),
  dnsConfig: object,
  hostAliases: z.array(section({ ip: address, hostnames: z.array(objectName).min(1) })),
  terminationGracePeriodSeconds: count,
  extraArgs: z.array(flag),
  extraEnv: z.array(variable),
  extraEnvFrom: objects,
  extraVolumes: z.array(entry({ name: volumeName })),
  extraVolumeMounts: z.array(entry({ name: volumeName, mountPath: matching(/^\/[^:]*$/) })),
  extraContainers: objects,
  extraInitContainers: objects,
  extraManifests: z.array(z.union([object, z.string()])),
  helmTest: section({ enabled: toggle, resources }),
  podDisruptionBudget: section({
    enabled: toggle,
    // 0 would block every drain of a node for ever.
    maxUnavailable: z.nullable(atLeastOne),
    minAvailable: optionalCount,
  }),
  networkPolicy: section({
    enabled: toggle,
    ingressNamespaces: z.array(namespace),
    ingressFrom: objects,
    egressPorts: z.array(port),
    metadataService: toggle,
    extraEgress: objects,
  }),
  serviceMonitor: section({
    enabled: toggle,
    namespace: optionalNamespace,
    labels,
    annotations,
    interval: duration,
    scrapeTimeout: duration,
    honorLabels: toggle,
    // A 64-bit number for the operator.
    sampleLimit: z.nullable(z.int().min(0)),
    targetLabels: z.array(labelKey),
    podTargetLabels: z.array(labelKey),
    relabelings: objects,
    metricRelabelings: objects,
    tlsConfig: object,
    basicAuth: section({ username: secretKey.optional(), password: secretKey.optional() }),
  }),
  language: z.enum(LANGUAGES),
  prometheusRule: section({
    enabled: toggle,
    namespace: optionalNamespace,
    labels,
    annotations,
    thresholds: z.array(
      section({ record: text, labels: seriesLabels.optional(), expr: matching(/\S/) }),
    ),
    disabledAlerts: z.array(text),
    alertLabels: seriesLabels,
    runbookBaseUrl: text,
  }),
  dashboards: section({ enabled: toggle, namespace: optionalNamespace, labels, annotations }),
  // A parent chart shares these values with all its subcharts.
  global: object.optional(),
});

/** Timing and thresholds of a probe. */
function probe(successes: z.ZodType<number>) {
  return section({
    initialDelaySeconds: count.optional(),
    periodSeconds: atLeastOne.optional(),
    timeoutSeconds: atLeastOne.optional(),
    failureThreshold: atLeastOne.optional(),
    successThreshold: successes.optional(),
  });
}
