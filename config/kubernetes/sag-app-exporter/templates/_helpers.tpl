{{- define "sag-app-exporter.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{- /* A version may hold "+", but a tag may not. Helm itself writes "_" in tags for it. */ -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (regexReplaceAll "[^A-Za-z0-9_.-]+" .Chart.AppVersion "_") }}
{{- end }}
{{- end }}

{{- /* The configuration file: the value `config`, and the shard, which follows from `replicas`. */ -}}
{{- define "sag-app-exporter.config" -}}
{{- $config := deepCopy (.Values.config | default dict) }}
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
{{- if or (and .Values.web.existingSecret .Values.web.tls) (hasKey (.Values.web.config | default dict) "tls_server_config") }}true{{ end }}
{{- end }}

{{- /* "true" when the pods require a client certificate, else empty. A password does not replace it. */ -}}
{{- define "sag-app-exporter.clientCertificate" -}}
{{- $tls := get (.Values.web.config | default dict) "tls_server_config" | default dict }}
{{- if has (dig "client_auth_type" "" $tls) (list "RequireAnyClientCert" "RequireAndVerifyClientCert") }}true{{ end }}
{{- end }}

{{- /* "true" when the pods require a password or a client certificate, else empty. */ -}}
{{- define "sag-app-exporter.authenticated" -}}
{{- if or (and .Values.web.existingSecret .Values.web.authenticated) (get (.Values.web.config | default dict) "basic_auth_users") (include "sag-app-exporter.clientCertificate" .) }}true{{ end }}
{{- end }}

{{- /* Converts "90s" or "2m" to seconds. */ -}}
{{- define "sag-app-exporter.seconds" -}}
{{- if hasSuffix "m" . }}{{ mul 60 (trimSuffix "m" . | int) }}{{ else }}{{ trimSuffix "s" . | int }}{{ end }}
{{- end }}

{{- /* The resources of a container. Kubernetes wants amounts as text, so numbers such as 0.5 are quoted. */ -}}
{{- define "sag-app-exporter.resources" -}}
{{- $resources := deepCopy . }}
{{- range $kind := list "requests" "limits" }}
{{- range $name, $amount := get $resources $kind | default dict }}
{{- if not (kindIs "string" $amount) }}
{{- $_ := set (get $resources $kind) $name (toJson $amount) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $resources }}
{{- end }}
