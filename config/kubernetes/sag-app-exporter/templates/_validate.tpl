{{- /* Values that are each right and together wrong: refused, with what to do instead. */ -}}
{{- define "sag-app-exporter.validate" -}}
{{- include "sag-app-exporter.validateConfig" . }}
{{- include "sag-app-exporter.validateCredentials" . }}
{{- include "sag-app-exporter.validateWeb" . }}
{{- include "sag-app-exporter.validateScraping" . }}
{{- include "sag-app-exporter.validateDisruptions" . }}
{{- end }}

{{- define "sag-app-exporter.validateConfig" -}}
{{- if hasKey .Values.config "shard" }}
{{- fail "config.shard: follows from `replicas`; leave it out" }}
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
{{- fail "rrsa: pods that take a role need no access key; leave out `credentials`" }}
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
{{- fail "rrsa.roleName: is written on the ServiceAccount, which is not made here; annotate your own with pod-identity.alibabacloud.com/role-name and leave `roleName` out" }}
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
{{- fail "web: `tls` and `authenticated` tell what stands in `existingSecret`; with `config` the chart sees it itself" }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.validateScraping" -}}
{{- $monitor := .Values.serviceMonitor }}
{{- if $monitor.enabled }}
{{- if gt (include "sag-app-exporter.seconds" $monitor.scrapeTimeout | int) (include "sag-app-exporter.seconds" $monitor.interval | int) }}
{{- fail "serviceMonitor.scrapeTimeout: must not be above `interval`" }}
{{- end }}
{{- if and (include "sag-app-exporter.tls" .) (not $monitor.tlsConfig.serverName) (not $monitor.tlsConfig.insecureSkipVerify) }}
{{- fail "serviceMonitor.tlsConfig: pods are scraped by address, so with TLS it needs `serverName`, a name in the certificate (or `insecureSkipVerify: true`)" }}
{{- end }}
{{- if and (include "sag-app-exporter.clientCertificate" .) (not $monitor.tlsConfig.cert) }}
{{- fail "serviceMonitor.tlsConfig: the web configuration wants a client's certificate; give `cert` and `keySecret`" }}
{{- end }}
{{- if and .Values.web.config.basic_auth_users (not $monitor.basicAuth) }}
{{- fail "serviceMonitor.basicAuth: the web configuration wants a user; name the Secret with user and password" }}
{{- end }}
{{- if and .Values.web.authenticated (not $monitor.basicAuth) (not $monitor.tlsConfig.cert) }}
{{- fail "serviceMonitor: the web configuration wants a proof; give `basicAuth`, or `tlsConfig.cert` and `keySecret`" }}
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
{{- fail "podDisruptionBudget.minAvailable: as many as `replicas` would hold up each drain of a node for ever" }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
