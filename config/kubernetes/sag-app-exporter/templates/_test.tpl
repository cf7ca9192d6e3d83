{{- /*
Labels of the pod of `helm test`. They differ from the labels of the exporter's pods, because the Service would
count the pod as an exporter otherwise.
*/ -}}
{{- define "sag-app-exporter.testLabels" -}}
{{- $name := printf "%s-test" (include "sag-app-exporter.name" .) }}
{{- dict
  "app.kubernetes.io/name" (include "sag-app-exporter.shortened" (dict "text" $name "max" 63))
  "app.kubernetes.io/instance" .Release.Name | toYaml }}
{{- end }}

{{- /*
"true" when the test has the user and password of the ServiceMonitor, else empty. Their Secret is in the namespace
of the ServiceMonitor, which may differ from that of the test.
*/ -}}
{{- define "sag-app-exporter.testHasUser" -}}
{{- $auth := .Values.serviceMonitor.basicAuth | default dict }}
{{- $namespace := include "sag-app-exporter.namespace" . }}
{{- if and $auth.username $auth.password (eq $namespace (.Values.serviceMonitor.namespace | default $namespace)) }}true{{ end }}
{{- end }}

{{- /*
"true" when the test can ask for the metrics, else empty: nothing is required, or only a password that the test has.
*/ -}}
{{- define "sag-app-exporter.testCanAsk" -}}
{{- if not (include "sag-app-exporter.authenticated" .) }}true
{{- else if and (include "sag-app-exporter.testHasUser" .) (not (include "sag-app-exporter.clientCertificate" .)) }}true
{{- end }}
{{- end }}

{{- /* The environment variables of the test under the key `env`; empty if there are none. */ -}}
{{- define "sag-app-exporter.testEnv" -}}
{{- $env := list }}
{{- if include "sag-app-exporter.testHasUser" . }}
{{- $env = append $env (dict "name" "USERNAME" "valueFrom" (dict "secretKeyRef" .Values.serviceMonitor.basicAuth.username)) }}
{{- $env = append $env (dict "name" "PASSWORD" "valueFrom" (dict "secretKeyRef" .Values.serviceMonitor.basicAuth.password)) }}
{{- end }}
{{- if include "sag-app-exporter.tls" . }}
{{- /* The certificate is not verified: the chart does not know for which name it was made. */ -}}
{{- $env = append $env (dict "name" "NODE_TLS_REJECT_UNAUTHORIZED" "value" "0") }}
{{- end }}
{{- with $env -}}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
