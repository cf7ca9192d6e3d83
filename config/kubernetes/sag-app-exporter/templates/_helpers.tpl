{{- define "sag-app-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* At most 52 characters: a StatefulSet's pods have "-ORDINAL" and a hash of a revision behind it. */ -}}
{{- define "sag-app-exporter.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "sag-app-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sag-app-exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /*
The labels of an object: `root`, and in `extra` those it has beside. Of the same name, the later wins:
recommended, common, extra; but what selectors select by stays.
*/ -}}
{{- define "sag-app-exporter.labels" -}}
{{- $recommended := dict
  "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/version" (.root.Values.image.tag | default .root.Chart.AppVersion)
  "app.kubernetes.io/component" "metrics"
  "app.kubernetes.io/part-of" (include "sag-app-exporter.name" .root)
  "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $selected := include "sag-app-exporter.selectorLabels" .root | fromYaml }}
{{- mergeOverwrite $recommended (deepCopy .root.Values.commonLabels) (default dict .extra | deepCopy) $selected | toYaml }}
{{- end }}

{{- /* The labels of the pods: nothing that changes with the chart alone, it would restart them. */ -}}
{{- define "sag-app-exporter.podLabels" -}}
{{- $own := dict "app.kubernetes.io/component" "metrics" }}
{{- if and .Values.rrsa.enabled (not .Values.rrsa.roleArn) }}
{{- $_ := set $own "pod-identity.alibabacloud.com/injection" "on" }}
{{- end }}
{{- $selected := include "sag-app-exporter.selectorLabels" . | fromYaml }}
{{- mergeOverwrite $own (deepCopy .Values.commonLabels) (deepCopy .Values.podLabels) $selected | toYaml }}
{{- end }}

{{- define "sag-app-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sag-app-exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* The configuration file: what is written in the values, and the shard that follows from them. */ -}}
{{- define "sag-app-exporter.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if gt (int .Values.replicas) 1 }}
{{- $_ := set $config "shard" (dict "index" "hostname" "total" (int .Values.replicas)) }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{- /* Name of the Secret with the credentials file; empty when there is none. */ -}}
{{- define "sag-app-exporter.credentialsSecret" -}}
{{- if .Values.credentials.existingSecret }}
{{- .Values.credentials.existingSecret }}
{{- else if .Values.credentials.accessKeyId }}
{{- printf "%s-credentials" (include "sag-app-exporter.fullname" .) }}
{{- end }}
{{- end }}

{{- /* Name of the Secret with the web configuration; empty when there is none. */ -}}
{{- define "sag-app-exporter.webSecret" -}}
{{- if .Values.web.existingSecret }}
{{- .Values.web.existingSecret }}
{{- else if .Values.web.config }}
{{- printf "%s-web" (include "sag-app-exporter.fullname" .) }}
{{- end }}
{{- end }}

{{- /* "true" when the pods speak TLS, else empty. */ -}}
{{- define "sag-app-exporter.tls" -}}
{{- if or (and .Values.web.existingSecret .Values.web.tls) (hasKey .Values.web.config "tls_server_config") }}true{{ end }}
{{- end }}

{{- /* "true" when the pods want a client's certificate, which no other proof replaces, else empty. */ -}}
{{- define "sag-app-exporter.clientCertificate" -}}
{{- $tls := dig "tls_server_config" dict .Values.web.config | default dict }}
{{- if has (dig "client_auth_type" "" $tls) (list "RequireAnyClientCert" "RequireAndVerifyClientCert") }}true{{ end }}
{{- end }}

{{- /* "true" when not everybody who reaches the pods is answered, else empty. */ -}}
{{- define "sag-app-exporter.authenticated" -}}
{{- if or (and .Values.web.existingSecret .Values.web.authenticated) .Values.web.config.basic_auth_users (include "sag-app-exporter.clientCertificate" .) }}true{{ end }}
{{- end }}

{{- /* Whole seconds of "90s" or "2m". */ -}}
{{- define "sag-app-exporter.seconds" -}}
{{- if hasSuffix "m" . }}{{ mul 60 (trimSuffix "m" . | int) }}{{ else }}{{ trimSuffix "s" . | int }}{{ end }}
{{- end }}

{{- /* The port of a proxy's URL; empty when there is none. */ -}}
{{- define "sag-app-exporter.portOfUrl" -}}
{{- if . }}
{{- $url := urlParse . }}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" }}
{{- default (eq $url.scheme "https" | ternary "443" "80") $port }}
{{- end }}
{{- end }}
