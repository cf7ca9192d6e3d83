import { expect, it } from 'vitest';
import { ciValues, refusal } from '../../../support/helm.ts';

const TLS = ciValues('tls-and-users-values.yaml');

it.each([
  // By the schema.
  [['replica=2'], "additional properties 'replica' not allowed"],
  [['image.repo=x'], "additional properties 'repo' not allowed"],
  [['log.level=verbose'], "/log/level': value must be one of 'debug', 'info', 'warn', 'error'"],
  [['web.port=80'], "/web/port': minimum"],
  [['image.digest=latest'], "/image/digest': 'latest' does not match pattern"],
  [['config.poling.page_size=5'], "/config': additional properties 'poling' not allowed"],
  [['config.polling.page_size=500'], "/config/polling/page_size': maximum: got 500, want 100"],
  [['config.polling.users_interval=5 minutes'], "/config/polling/users_interval'"],
  [['config.accounts[0].regions[0]=cn-shanghai'], "/config/accounts/0': missing property 'name'"],
  [['serviceMonitor.interval=1h'], "/serviceMonitor/interval'"],
  [['rrsa.tokenExpirationSeconds=60'], "/rrsa/tokenExpirationSeconds': minimum: got 60, want 600"],
  [['credentials.accessKeyId=a b', 'credentials.accessKeySecret=c'], "/credentials/accessKeyId'"],
  [['image.tag=1.0+build'], "/image/tag'"],
  [['podDisruptionBudget.maxUnavailable=0'], "/podDisruptionBudget/maxUnavailable'"],
  [['secretMounts[0]=a_b'], "/secretMounts/0'"],
  [['web=null'], "missing property 'web'"],
  [['persistence.size=0'], "/persistence/size'"],
  [['persistence.accessModes[0]=ReadOnlyMany'], "/persistence/accessModes/0'"],
  [['persistence.retentionPolicy.whenDeleted=Keep'], "/persistence/retentionPolicy/whenDeleted'"],
  [['extraManifests[0]=1'], "/extraManifests/0'"],
  [['dnsPolicy=None of them'], "/dnsPolicy'"],
  // By the templates.
  [['nameOverride=MyExp'], 'nameOverride: "MyExp" cannot be part of the names of objects'],
  [['fullnameOverride=1sag'], 'fullnameOverride: "1sag" cannot be the name of a Service'],
  [['fullnameOverride=a.b'], 'at most 52 lower-case letters, digits and hyphens'],
  [[`fullnameOverride=${'a'.repeat(53)}`], 'at most 52 lower-case letters'],
  [['extraArgs[0]=--log.level=debug'], 'extraArgs: the chart gives --log.level itself'],
  [
    ['extraArgs[0]=--some.flag=1', 'extraArgs[1]=--some.flag=2'],
    'extraArgs: --some.flag is given twice',
  ],
  [
    ['extraEnv[0].name=NO_PROXY', 'extraEnv[0].value=a', 'proxy.noProxy=b'],
    'extraEnv: the variable NO_PROXY is there already',
  ],
  [
    ['extraEnv[0].name=A', 'extraEnv[0].value=a', 'extraEnv[0].valueFrom.b=c'],
    'extraEnv: the variable A has both',
  ],
  [['extraVolumes[0].name=config'], 'extraVolumes: there is a volume config already'],
  [
    ['extraVolumeMounts[0].name=a', 'extraVolumeMounts[0].mountPath=/a'],
    'extraVolumeMounts: there is no volume a',
  ],
  [
    ['proxy.httpsProxy=http://p:99999'],
    'proxy.httpsProxy: there is no port 99999; ports are 1 to 65535',
  ],
  [
    ['persistence.accessModes={ReadWriteOnce,ReadWriteOncePod}'],
    'persistence.accessModes: Kubernetes accepts ReadWriteOncePod only without other modes',
  ],
  [['extraArgs[0]=--storage.path=/data'], 'extraArgs: the chart gives --storage.path itself'],
  [['config.shard.total=2'], 'config.shard: the chart sets it from `replicas`'],
  [['credentials.accessKeyId=LTAI'], '`accessKeyId` and `accessKeySecret` belong together'],
  [
    [
      'credentials.accessKeyId=a',
      'credentials.accessKeySecret=b',
      'credentials.existingSecret=sag',
    ],
    'either `existingSecret` or an access key',
  ],
  [['rrsa.enabled=true'], 'rrsa: give `roleName`, or `roleArn` and `oidcProviderArn`'],
  [
    ['rrsa.enabled=true', 'rrsa.roleName=sag', 'credentials.existingSecret=sag'],
    'need no access key',
  ],
  [
    ['rrsa.enabled=true', 'rrsa.roleName=sag', 'rrsa.roleArn=acs:ram::1:role/sag'],
    'either `roleName`, for the add-on, or `roleArn`',
  ],
  [
    ['rrsa.enabled=true', 'rrsa.roleArn=acs:ram::1:role/sag'],
    '`roleArn` and `oidcProviderArn` belong together',
  ],
  [
    ['rrsa.enabled=true', 'rrsa.roleName=sag', 'rrsa.vpcEndpoint=true'],
    'rrsa.vpcEndpoint: needs `stsRegion`',
  ],
  [
    ['rrsa.enabled=true', 'rrsa.roleName=sag', 'serviceAccount.create=false'],
    'the ServiceAccount that it makes, but serviceAccount.create is false',
  ],
  [['extraCA.configMap=a', 'extraCA.secret=b'], 'extraCA: give either `configMap` or `secret`'],
  [
    ['proxy.httpsProxy=http://p:3128', 'proxy.existingSecret=b'],
    'proxy: give either `httpsProxy` or `existingSecret`',
  ],
  [
    ['web.existingSecret=a', 'web.config.rate_limit.interval=1s'],
    'web: give either `config` or `existingSecret`',
  ],
  [['web.tls=true'], 'describe the file in `existingSecret`'],
  [
    ['serviceMonitor.enabled=true', 'serviceMonitor.scrapeTimeout=2m'],
    'serviceMonitor.scrapeTimeout: must not be above `interval`',
  ],
  [
    ['serviceMonitor.enabled=true', 'web.existingSecret=a', 'web.tls=true'],
    'serviceMonitor.tlsConfig: Prometheus connects to addresses of pods',
  ],
  [
    ['serviceMonitor.enabled=true', 'web.existingSecret=a', 'web.authenticated=true'],
    'the web configuration requires a password or a client certificate',
  ],
  [
    [
      'serviceMonitor.enabled=true',
      'serviceMonitor.tlsConfig.serverName=a',
      'web.config.tls_server_config.client_auth_type=RequireAndVerifyClientCert',
    ],
    'requires a client certificate; give `cert`',
  ],
  [
    ['serviceMonitor.enabled=true', 'web.config.basic_auth_users.prometheus=x'],
    'serviceMonitor.basicAuth: the web configuration requires a password',
  ],
  [
    ['podDisruptionBudget.minAvailable=1', 'podDisruptionBudget.maxUnavailable=1'],
    'either `maxUnavailable` or `minAvailable`',
  ],
  [['podDisruptionBudget.minAvailable=1'], 'must be below `replicas`'],
  [
    [
      'prometheusRule.enabled=true',
      'prometheusRule.thresholds[0].record=sag_app:threshold:users_limit_used_ratio',
      'prometheusRule.thresholds[0].expr=vector(1)',
    ],
    'prometheusRule.thresholds[0]: there is no such threshold',
  ],
  [
    ['prometheusRule.enabled=true', 'prometheusRule.disabledAlerts[0]=SagAppGone'],
    'prometheusRule.disabledAlerts: there is no alert SagAppGone',
  ],
])('%j is refused', (sets, reason) => {
  expect(refusal(...sets.map((set) => `--set=${set}`))).toContain(reason);
});

it('a ServiceMonitor without the password that the pods require is refused', () => {
  expect(refusal(TLS, '--set=serviceMonitor.basicAuth=null')).toContain('serviceMonitor.basicAuth');
});
