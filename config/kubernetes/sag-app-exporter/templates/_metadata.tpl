{{- define "sag-app-exporter.selectorLabels" -}}
{{- dict
  "app.kubernetes.io/name" (include "sag-app-exporter.name" .)
  "app.kubernetes.io/instance" .Release.Name | toYaml }}
{{- end }}

{{- /*
The labels of an object: those of the release (`root`), and the object's own in `extra`. If two have the same name,
the object's own label replaces a common label, which replaces a recommended one. Nothing replaces the labels in
`selected`, by which selectors find the object; by default they are those of the exporter's pods.
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
{{- $selected := .selected | default (include "sag-app-exporter.selectorLabels" .root | fromYaml) }}
{{- mergeOverwrite $recommended (deepCopy (.root.Values.commonLabels | default dict)) (deepCopy (.extra | default dict)) $selected | toYaml }}
{{- end }}

{{- /* The labels of the pods. The version of the chart is not among them, because a new version would restart the pods. */ -}}
{{- define "sag-app-exporter.podLabels" -}}
{{- $own := dict "app.kubernetes.io/component" "metrics" }}
{{- if and .Values.rrsa.enabled (not .Values.rrsa.roleArn) }}
{{- $_ := set $own "pod-identity.alibabacloud.com/injection" "on" }}
{{- end }}
{{- $selected := include "sag-app-exporter.selectorLabels" . | fromYaml }}
{{- mergeOverwrite $own (deepCopy (.Values.commonLabels | default dict)) (deepCopy (.Values.podLabels | default dict)) $selected | toYaml }}
{{- end }}

{{- /*
The metadata of an object of the release (`root`). Optional: `name`, `namespace`, `labels`, `annotations`, and
`selected` (see "sag-app-exporter.labels"). toYaml writes all of it, because it quotes a name such as `123`.
*/ -}}
{{- define "sag-app-exporter.metadata" -}}
{{- $metadata := dict
  "name" (.name | default (include "sag-app-exporter.fullname" .root))
  "namespace" (.namespace | default (include "sag-app-exporter.namespace" .root))
  "labels" (include "sag-app-exporter.labels" (dict "root" .root "extra" .labels "selected" .selected) | fromYaml) }}
{{- with .annotations }}
{{- $_ := set $metadata "annotations" . }}
{{- end }}
{{- toYaml $metadata }}
{{- end }}
