{{- /*
A text as part of a DNS name: lower-case letters, digits and hyphens. The names of releases and aliases
of charts may hold capitals, dots and underscores, which the names of objects may not.
*/ -}}
{{- define "sag-app-exporter.dnsLabel" -}}
{{- regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trimAll "-" }}
{{- end }}

{{- /*
Shortens `text` to at most `max` characters. A hash takes the place of the end, so that two texts that
differ only there stay different.
*/ -}}
{{- define "sag-app-exporter.shortened" -}}
{{- if gt (len .text) .max -}}
{{ trunc (int (sub .max 9)) .text | trimSuffix "-" }}-{{ sha256sum .text | trunc 8 }}
{{- else -}}
{{ .text }}
{{- end }}
{{- end }}

{{- /* A text as the value of a label: other characters become "_", and both ends are letters or digits. */ -}}
{{- define "sag-app-exporter.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9_.-]+" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{- define "sag-app-exporter.name" -}}
{{- $name := .Values.nameOverride | default (include "sag-app-exporter.dnsLabel" .Chart.Name) | default "sag-app-exporter" }}
{{- include "sag-app-exporter.shortened" (dict "text" $name "max" 63) }}
{{- end }}

{{- /*
The name of most objects. At most 52 characters: a StatefulSet's pods have "-ORDINAL" and a hash of a
revision behind it. It begins with a letter, as the name of a Service must.
*/ -}}
{{- define "sag-app-exporter.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else }}
{{- $name := include "sag-app-exporter.name" . }}
{{- $release := include "sag-app-exporter.dnsLabel" .Release.Name }}
{{- $full := contains $name $release | ternary $release (printf "%s-%s" $release $name) }}
{{- if regexMatch "^[0-9]" $full }}
{{- $full = printf "sag-%s" $full }}
{{- end }}
{{- include "sag-app-exporter.shortened" (dict "text" $full "max" 52) }}
{{- end }}
{{- end }}

{{- define "sag-app-exporter.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "sag-app-exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sag-app-exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}
