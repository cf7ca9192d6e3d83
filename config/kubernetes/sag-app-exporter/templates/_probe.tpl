{{- /*
A probe of the container under its key. The kubelet requests a path of the exporter. It can send neither a password
nor a client certificate, so if the exporter requires one of them, the kubelet runs `healthcheck` in the container
instead. Empty if the values remove the probe with `null`.
*/ -}}
{{- define "sag-app-exporter.probe" -}}
{{- with .settings -}}
{{ $.key }}:
{{- if include "sag-app-exporter.authenticated" $.root }}
  exec:
    # The command takes any answer as a sign of life, also one that demands a password.
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
