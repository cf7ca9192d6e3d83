{{- /*
The folder of the alerts and dashboards in the chosen language, relative to the folder of the English ones.
*/ -}}
{{- define "sag-app-exporter.languageFolder" -}}
{{- if ne .Values.language "en" }}{{ .Values.language }}/{{ end }}
{{- end }}

{{- /*
The groups of rules, as {"groups": […]}: the files of config/prometheus, with the changes that the values make. Helm
must not render the files as templates, because the braces in their annotations are templates of Prometheus.
*/ -}}
{{- define "sag-app-exporter.rules" -}}
{{- $values := .Values.prometheusRule }}
{{- $groups := list }}
{{- $unused := dict }}
{{- $thresholds := $values.thresholds | default list }}
{{- $disabled := $values.disabledAlerts | default list }}
{{- range $index, $_ := $thresholds }}{{ $_ := set $unused (toString $index) true }}{{ end }}
{{- $alerts := dict }}
{{- range list "thresholds" "recording-rules" (printf "%salerts" (include "sag-app-exporter.languageFolder" .)) }}
{{- $file := $.Files.Get (printf "files/prometheus/%s.yml" .) | fromYaml }}
{{- range $group := $file.groups }}
{{- $rules := list }}
{{- range $rule := $group.rules }}
{{- range $index, $threshold := $thresholds }}
{{- if and (eq $threshold.record (default "" $rule.record)) (eq (toJson ($threshold.labels | default dict)) (toJson ($rule.labels | default dict))) }}
{{- $_ := set $rule "expr" $threshold.expr }}
{{- $_ := unset $unused (toString $index) }}
{{- end }}
{{- end }}
{{- if $rule.alert }}
{{- $_ := set $alerts $rule.alert true }}
{{- $_ := set $rule "labels" (merge (deepCopy ($values.alertLabels | default dict)) $rule.labels) }}
{{- if and $values.runbookBaseUrl $rule.annotations.runbook_url }}
{{- $page := regexFind "[a-z-]+[.]md$" $rule.annotations.runbook_url }}
{{- $_ := set $rule "annotations" (merge (dict "runbook_url" (printf "%s/%s" (trimSuffix "/" $values.runbookBaseUrl) $page)) $rule.annotations) }}
{{- end }}
{{- end }}
{{- if not (and $rule.alert (has $rule.alert $disabled)) }}
{{- $rules = append $rules $rule }}
{{- end }}
{{- end }}
{{- if $rules }}
{{- $groups = append $groups (merge (dict "rules" $rules) $group) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $index, $_ := $unused }}
{{- fail (printf "prometheusRule.thresholds[%s]: there is no such threshold; see files/prometheus/thresholds.yml for their names and labels" $index) }}
{{- end }}
{{- range $disabled }}
{{- if not (hasKey $alerts .) }}
{{- fail (printf "prometheusRule.disabledAlerts: there is no alert %s" .) }}
{{- end }}
{{- end }}
{{- toYaml (dict "groups" $groups) }}
{{- end }}
