{{- /*
Refuses values that a schema cannot describe, such as two that do not fit together. Each message says how to correct
the values.
*/ -}}
{{- define "sag-app-exporter.validate" -}}
{{- include "sag-app-exporter.validateNames" . }}
{{- include "sag-app-exporter.validateConfig" . }}
{{- include "sag-app-exporter.validateCredentials" . }}
{{- include "sag-app-exporter.validateWeb" . }}
{{- include "sag-app-exporter.validatePersistence" . }}
{{- include "sag-app-exporter.validateScraping" . }}
{{- include "sag-app-exporter.validateDisruptions" . }}
{{- include "sag-app-exporter.validatePorts" . }}
{{- include "sag-app-exporter.validateExtras" . }}
{{- end }}

{{- define "sag-app-exporter.validateNames" -}}
{{- with .Values.nameOverride }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" .) }}
{{- fail (printf "nameOverride: %q cannot be part of the names of objects; use at most 63 lower-case letters, digits and hyphens, with a letter or digit at each end" .) }}
{{- end }}
{{- end }}
{{- with .Values.fullnameOverride }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$" .) }}
{{- fail (printf "fullnameOverride: %q cannot be the name of a Service and a StatefulSet; use at most 52 lower-case letters, digits and hyphens, with a letter at the start and a letter or digit at the end" .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateConfig" -}}
{{- if hasKey (.Values.config | default dict) "shard" }}
{{- fail "config.shard: the chart sets it from `replicas`; leave it out" }}
{{- end }}
{{- with .Values.extraCA }}
{{- if and .configMap .secret }}
{{- fail "extraCA: give either `configMap` or `secret`, not both" }}
{{- end }}
{{- end }}
{{- with .Values.proxy }}
{{- if and .httpsProxy .existingSecret }}
{{- fail "proxy: give either `httpsProxy` or `existingSecret`, not both" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateCredentials" -}}
{{- $key := .Values.credentials }}
{{- if ne (empty $key.accessKeyId) (empty $key.accessKeySecret) }}
{{- fail "credentials: `accessKeyId` and `accessKeySecret` belong together" }}
{{- end }}
{{- if and $key.existingSecret $key.accessKeyId }}
{{- fail "credentials: give either `existingSecret` or an access key, not both" }}
{{- end }}
{{- $role := .Values.rrsa }}
{{- if $role.enabled }}
{{- if or $key.existingSecret $key.accessKeyId }}
{{- fail "rrsa: pods that assume a role need no access key; leave out `credentials`" }}
{{- end }}
{{- if and $role.roleName (or $role.roleArn $role.oidcProviderArn) }}
{{- fail "rrsa: give either `roleName`, for the add-on, or `roleArn` and `oidcProviderArn`, not both" }}
{{- end }}
{{- if ne (empty $role.roleArn) (empty $role.oidcProviderArn) }}
{{- fail "rrsa: `roleArn` and `oidcProviderArn` belong together" }}
{{- end }}
{{- if and $role.vpcEndpoint (not $role.stsRegion) }}
{{- fail "rrsa.vpcEndpoint: needs `stsRegion`" }}
{{- end }}
{{- if and $role.roleName (not .Values.serviceAccount.create) }}
{{- fail "rrsa.roleName: the chart writes the role on the ServiceAccount that it makes, but serviceAccount.create is false; leave `roleName` out and annotate your own ServiceAccount with pod-identity.alibabacloud.com/role-name" }}
{{- end }}
{{- if and .Values.serviceAccount.create (not $role.roleName) (not $role.roleArn) }}
{{- fail "rrsa: give `roleName`, or `roleArn` and `oidcProviderArn`" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateWeb" -}}
{{- $web := .Values.web }}
{{- if and $web.config $web.existingSecret }}
{{- fail "web: give either `config` or `existingSecret`, not both" }}
{{- end }}
{{- if and (or $web.tls $web.authenticated) (not $web.existingSecret) }}
{{- fail "web: `tls` and `authenticated` describe the file in `existingSecret`; leave them out with `config`, which the chart reads itself" }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validatePersistence" -}}
{{- $modes := .Values.persistence.accessModes | default list | uniq }}
{{- if and (has "ReadWriteOncePod" $modes) (gt (len $modes) 1) }}
{{- fail "persistence.accessModes: Kubernetes accepts ReadWriteOncePod only without other modes" }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateScraping" -}}
{{- $monitor := .Values.serviceMonitor }}
{{- $tls := $monitor.tlsConfig | default dict }}
{{- if $monitor.enabled }}
{{- if gt (include "sag-app-exporter.seconds" $monitor.scrapeTimeout | int) (include "sag-app-exporter.seconds" $monitor.interval | int) }}
{{- fail "serviceMonitor.scrapeTimeout: must not be above `interval`" }}
{{- end }}
{{- if and (include "sag-app-exporter.tls" .) (not $tls.serverName) (not $tls.insecureSkipVerify) }}
{{- fail "serviceMonitor.tlsConfig: Prometheus connects to addresses of pods; give `serverName`, a name in the certificate (or `insecureSkipVerify: true`)" }}
{{- end }}
{{- if and (include "sag-app-exporter.clientCertificate" .) (not $tls.cert) }}
{{- fail "serviceMonitor.tlsConfig: the web configuration requires a client certificate; give `cert` and `keySecret`" }}
{{- end }}
{{- if and (get (.Values.web.config | default dict) "basic_auth_users") (not $monitor.basicAuth) }}
{{- fail "serviceMonitor.basicAuth: the web configuration requires a password; name the Secret that holds user and password" }}
{{- end }}
{{- if and .Values.web.authenticated (not $monitor.basicAuth) (not $tls.cert) }}
{{- fail "serviceMonitor: the web configuration requires a password or a client certificate; give `basicAuth`, or `tlsConfig.cert` and `keySecret`" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateDisruptions" -}}
{{- with .Values.podDisruptionBudget }}
{{- if and .enabled (not (kindIs "invalid" .minAvailable)) }}
{{- if not (kindIs "invalid" .maxUnavailable) }}
{{- fail "podDisruptionBudget: give either `maxUnavailable` or `minAvailable`, not both" }}
{{- end }}
{{- if ge (int .minAvailable) (int $.Values.replicas) }}
{{- fail "podDisruptionBudget.minAvailable: must be below `replicas`, or no node with a pod could be drained" }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validatePorts" -}}
{{- range $place, $url := include "sag-app-exporter.urls" . | fromYaml }}
{{- with include "sag-app-exporter.portOfUrl" $url }}
{{- if or (lt (atoi .) 1) (gt (atoi .) 65535) }}
{{- fail (printf "%s: there is no port %s; ports are 1 to 65535" $place .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateExtras" -}}
{{- $flags := include "sag-app-exporter.ownFlags" . | fromYaml }}
{{- $given := dict }}
{{- range .Values.extraArgs | default list }}
{{- $flag := regexFind "^[^=]*" . }}
{{- if hasKey $given $flag }}
{{- fail (printf "extraArgs: %s is given twice; give it once" $flag) }}
{{- end }}
{{- $_ := set $given $flag true }}
{{- with get $flags $flag }}
{{- fail (printf "extraArgs: the chart gives %s itself; use the value `%s`" $flag .) }}
{{- end }}
{{- end }}
{{- range .Values.extraEnv | default list }}
{{- if and (hasKey . "value") (hasKey . "valueFrom") }}
{{- fail (printf "extraEnv: the variable %s has both `value` and `valueFrom`; give one of them" .name) }}
{{- end }}
{{- end }}
{{- $names := list }}
{{- range get (include "sag-app-exporter.env" . | fromYaml) "env" | default list }}
{{- if has .name $names }}
{{- fail (printf "extraEnv: the variable %s is there already, from another value of the chart or from `extraEnv` itself; give it once" .name) }}
{{- end }}
{{- $names = append $names .name }}
{{- end }}
{{- $volumes := list }}
{{- $paths := list }}
{{- range get (include "sag-app-exporter.volumes" . | fromYaml) "volumes" }}
{{- $volumes = append $volumes .name }}
{{- $paths = append $paths .mountPath }}
{{- end }}
{{- range .Values.extraVolumes | default list }}
{{- if has .name $volumes }}
{{- fail (printf "extraVolumes: there is a volume %s already; take another name" .name) }}
{{- end }}
{{- $volumes = append $volumes .name }}
{{- end }}
{{- range .Values.extraVolumeMounts | default list }}
{{- if not (has .name $volumes) }}
{{- fail (printf "extraVolumeMounts: there is no volume %s; add it to `extraVolumes`" .name) }}
{{- end }}
{{- if has .mountPath $paths }}
{{- fail (printf "extraVolumeMounts: something is mounted at %s already; take another path" .mountPath) }}
{{- end }}
{{- $paths = append $paths .mountPath }}
{{- end }}
{{- end }}
