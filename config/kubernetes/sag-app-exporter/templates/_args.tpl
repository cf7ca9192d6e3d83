{{- /*
The flags of `serve` that the chart sets, with the value that sets each. `extraArgs` must not repeat them, because the
exporter refuses a flag that is given twice.
*/ -}}
{{- define "sag-app-exporter.ownFlags" -}}
--config.file: config
--storage.path: persistence
--web.listen-address: web.port
--web.telemetry-path: web.telemetryPath
--web.max-requests: web.maxRequests
--web.enable-lifecycle: web.enableLifecycle
--web.config.file: web.config
--log.level: log.level
--log.format: log.format
{{- end }}

{{- /* The container's arguments. */ -}}
{{- define "sag-app-exporter.args" -}}
{{- $args := list
  "serve"
  "--config.file=/etc/sag-app-exporter/config/config.yml"
  "--storage.path=/var/lib/sag-app-exporter"
  (printf "--web.listen-address=:%d" (int .Values.web.port))
  (printf "--web.telemetry-path=%s" .Values.web.telemetryPath) }}
{{- if not (kindIs "invalid" .Values.web.maxRequests) }}
{{- $args = append $args (printf "--web.max-requests=%d" (int64 .Values.web.maxRequests)) }}
{{- end }}
{{- if .Values.web.enableLifecycle }}
{{- $args = append $args "--web.enable-lifecycle" }}
{{- end }}
{{- if include "sag-app-exporter.webSecret" . }}
{{- $args = append $args "--web.config.file=/etc/sag-app-exporter/web/web.yml" }}
{{- end }}
{{- $args = append $args (printf "--log.level=%s" .Values.log.level) }}
{{- $args = append $args (printf "--log.format=%s" .Values.log.format) }}
{{- concat $args (.Values.extraArgs | default list) | toYaml }}
{{- end }}
