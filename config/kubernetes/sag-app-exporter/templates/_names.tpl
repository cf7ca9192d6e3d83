{{- /*
Makes a text a part of a DNS name: lower-case letters, digits and hyphens. Names of releases and aliases of charts
may hold capitals, dots and underscores, but names of objects may not.
*/ -}}
{{- define "sag-app-exporter.dnsLabel" -}}
{{- regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trimAll "-" }}
{{- end }}

{{- /*
Shortens `text` to at most `max` characters. A hash replaces the end, so that two texts that differ only at their
ends stay different.
*/ -}}
{{- define "sag-app-exporter.shortened" -}}
{{- if gt (len .text) .max -}}
{{ trunc (int (sub .max 9)) .text | trimSuffix "-" }}-{{ sha256sum .text | trunc 8 }}
{{- else -}}
{{ .text }}
{{- end }}
{{- end }}

{{- /* Makes a text the value of a label: replaces other characters by "_" and removes those at both ends. */ -}}
{{- define "sag-app-exporter.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9_.-]+" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{- define "sag-app-exporter.name" -}}
{{- $name := .Values.nameOverride | default (include "sag-app-exporter.dnsLabel" .Chart.Name) | default "sag-app-exporter" }}
{{- include "sag-app-exporter.shortened" (dict "text" $name "max" 63) }}
{{- end }}

{{- /*
The name of most objects. It has at most 52 characters, because Kubernetes adds the hash of a revision to the name
of a StatefulSet in a label of its pods. It begins with a letter, as the name of a Service must.
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
