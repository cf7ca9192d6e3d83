{{- define "sag-app-exporter.selectorLabels" -}}
{{- dict
  "app.kubernetes.io/name" (include "sag-app-exporter.name" .)
  "app.kubernetes.io/instance" .Release.Name | toYaml }}
{{- end }}

{{- /*
The labels of an object: `root`, and in `extra` the object's own. Of labels of the same name the later
wins (recommended, common, extra), but nothing replaces the labels that selectors use.
*/ -}}
{{- define "sag-app-exporter.labels" -}}
{{- $recommended := dict
  "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | include "sag-app-exporter.labelValue")
  "app.kubernetes.io/component" "metrics"
  "app.kubernetes.io/part-of" (include "sag-app-exporter.name" .root)
  "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- with include "sag-app-exporter.labelValue" (.root.Values.image.tag | default .root.Chart.AppVersion) }}
{{- $_ := set $recommended "app.kubernetes.io/version" . }}
{{- end }}
{{- $selected := include "sag-app-exporter.selectorLabels" .root | fromYaml }}
{{- mergeOverwrite $recommended (deepCopy (.root.Values.commonLabels | default dict)) (deepCopy (.extra | default dict)) $selected | toYaml }}
{{- end }}

{{- /* The labels of the pods: nothing that changes with the chart alone, it would restart them. */ -}}
{{- define "sag-app-exporter.podLabels" -}}
{{- $own := dict "app.kubernetes.io/component" "metrics" }}
{{- if and .Values.rrsa.enabled (not .Values.rrsa.roleArn) }}
{{- $_ := set $own "pod-identity.alibabacloud.com/injection" "on" }}
{{- end }}
{{- $selected := include "sag-app-exporter.selectorLabels" . | fromYaml }}
{{- mergeOverwrite $own (deepCopy (.Values.commonLabels | default dict)) (deepCopy (.Values.podLabels | default dict)) $selected | toYaml }}
{{- end }}

{{- /*
The metadata of an object of `root`: `name` and `namespace` where they are not those of the release,
its own `labels` and `annotations`. Everything goes through toYaml, which quotes a name such as `123`.
*/ -}}
{{- define "sag-app-exporter.metadata" -}}
{{- $metadata := dict
  "name" (.name | default (include "sag-app-exporter.fullname" .root))
  "namespace" (.namespace | default (include "sag-app-exporter.namespace" .root))
  "labels" (include "sag-app-exporter.labels" (dict "root" .root "extra" .labels) | fromYaml) }}
{{- with .annotations }}
{{- $_ := set $metadata "annotations" . }}
{{- end }}
{{- toYaml $metadata }}
{{- end }}
