{{- /*
How a path of the exporter is asked by the kubelet. It cannot send a password or show a certificate,
so where one is wanted the exporter's own command asks, from within the container.
*/ -}}
{{- define "sag-app-exporter.probe" -}}
{{- if include "sag-app-exporter.authenticated" .root -}}
exec:
  # Any answer is a sign of life, also one that asks for a password.
  command: [/usr/local/bin/node, /app/dist/main.js, healthcheck, "--web.listen-address=127.0.0.1:{{ .root.Values.web.port }}"]
{{- else -}}
httpGet:
  path: {{ .path }}
  port: metrics
  scheme: {{ eq (include "sag-app-exporter.tls" .root) "true" | ternary "HTTPS" "HTTP" }}
{{- end }}
{{ toYaml .settings }}
{{- end }}
