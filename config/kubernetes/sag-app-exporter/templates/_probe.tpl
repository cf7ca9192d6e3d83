{{- /*
A probe of the container under its key: the kubelet asks a path of the exporter. It cannot send a
password or show a certificate, so where either is wanted the exporter's own command asks from within
the container. Empty where the values take the probe away with `null`.
*/ -}}
{{- define "sag-app-exporter.probe" -}}
{{- with .settings -}}
{{ $.key }}:
{{- if include "sag-app-exporter.authenticated" $.root }}
  exec:
    # Any answer is a sign of life, also one that asks for a password.
    command: [/usr/local/bin/node, /app/dist/main.js, healthcheck, "--web.listen-address=127.0.0.1:{{ int $.root.Values.web.port }}"]
{{- else }}
  httpGet:
    path: {{ $.path }}
    port: metrics
    scheme: {{ eq (include "sag-app-exporter.tls" $.root) "true" | ternary "HTTPS" "HTTP" }}
{{- end }}
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
