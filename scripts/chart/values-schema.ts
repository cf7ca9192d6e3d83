import { z } from 'zod';

/*
 * What the values of the chart may be. What belongs to Kubernetes or to the Prometheus operator is
 * theirs to check, and only the outermost shape is said here.
 */

const text = z.string();
const toggle = z.boolean();
const count = z.int().min(0);
/** A whole object of Kubernetes'. */
const object = z.record(z.string(), z.unknown());
const objects = z.array(object);
/** Labels and annotations; a value in quotes, as Kubernetes wants it. */
const labels = z.record(z.string(), z.string());
const port = z.int().min(1).max(65_535);
const optionalCount = z.nullable(count);
/** Name of an object of Kubernetes, or nothing. */
const name = z.string().regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/);
const matching = (pattern: RegExp) => z.string().regex(pattern);
/** As Prometheus writes it; whole units, so that two can be compared. */
const duration = matching(/^[1-9][0-9]*[sm]$/);
const path = matching(/^\//);
const proxyUrl = matching(/^(https?:\/\/\S+)?$/);
/** Whose fields are all checked, and no other taken. */
const section = z.strictObject;

const secretKey = section({ name, key: text, optional: toggle.optional() });

/** The values, each of which has its default in values.yaml. */
export const chartValues = section({
  nameOverride: text,
  fullnameOverride: text,
  namespaceOverride: text,
  commonLabels: labels,
  image: section({
    repository: matching(/^[^\s:@]+(:[0-9]+\/[^\s:@]+)?$/),
    tag: text,
    digest: matching(/^(sha256:[0-9a-f]{64})?$/),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  }),
  imagePullSecrets: objects,
  // As many as the exporter can share its budget among.
  replicas: z.int().min(0).max(100),
  // The exporter's own schema takes this place: see made-files.ts.
  config: object,
  restartOnConfigChange: toggle,
  credentials: section({
    existingSecret: name,
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
  secretMounts: z.array(z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)),
  extraCA: section({ configMap: name, secret: name, key: matching(/^[-._a-zA-Z0-9]+$/) }),
  proxy: section({
    httpsProxy: proxyUrl,
    httpProxy: proxyUrl,
    noProxy: text,
    existingSecret: name,
  }),
  log: section({
    level: z.enum(['debug', 'info', 'warn', 'error']),
    format: z.enum(['json', 'pretty']),
  }),
  web: section({
    port: z.int().min(1024).max(65_535),
    telemetryPath: path,
    enableLifecycle: toggle,
    maxRequests: z.nullable(z.int().min(1)),
    config: z.strictObject({
      tls_server_config: object.optional(),
      http_server_config: object.optional(),
      basic_auth_users: z.record(z.string(), z.string()).optional(),
      rate_limit: object.optional(),
    }),
    existingSecret: name,
    tls: toggle,
    authenticated: toggle,
    certificateSecret: name,
  }),
  probes: section({ startup: probe(), liveness: probe(), readiness: probe() }),
  resources: section({
    requests: object.optional(),
    limits: object.optional(),
    claims: objects.optional(),
  }),
  podSecurityContext: object,
  securityContext: object,
  serviceAccount: section({ create: toggle, name, annotations: labels }),
  service: section({ port, annotations: labels, labels }),
  podAnnotations: labels,
  podLabels: labels,
  nodeSelector: labels,
  tolerations: objects,
  affinity: object,
  topologySpreadConstraints: objects,
  priorityClassName: name,
  terminationGracePeriodSeconds: count,
  extraArgs: z.array(text),
  extraEnv: objects,
  extraEnvFrom: objects,
  extraVolumes: objects,
  extraVolumeMounts: objects,
  podDisruptionBudget: section({
    enabled: toggle,
    maxUnavailable: optionalCount,
    minAvailable: optionalCount,
  }),
  networkPolicy: section({
    enabled: toggle,
    ingressNamespaces: z.array(text),
    ingressFrom: objects,
    egressPorts: z.array(port),
    metadataService: toggle,
    extraEgress: objects,
  }),
  serviceMonitor: section({
    enabled: toggle,
    namespace: text,
    labels,
    interval: duration,
    scrapeTimeout: duration,
    honorLabels: toggle,
    sampleLimit: optionalCount,
    relabelings: objects,
    metricRelabelings: objects,
    tlsConfig: object,
    basicAuth: section({ username: secretKey.optional(), password: secretKey.optional() }),
  }),
  prometheusRule: section({
    enabled: toggle,
    namespace: text,
    labels,
    thresholds: z.array(section({ record: text, labels: labels.optional(), expr: text })),
    disabledAlerts: z.array(text),
    alertLabels: labels,
    runbookBaseUrl: text,
  }),
  dashboards: section({ enabled: toggle, namespace: text, labels, annotations: labels }),
  // What a chart around this one shares with all its parts.
  global: object.optional(),
});

/** How often and how patiently a path is asked. */
function probe() {
  return section({
    initialDelaySeconds: count.optional(),
    periodSeconds: z.int().min(1).optional(),
    timeoutSeconds: z.int().min(1).optional(),
    failureThreshold: z.int().min(1).optional(),
    successThreshold: z.int().min(1).optional(),
  });
}
