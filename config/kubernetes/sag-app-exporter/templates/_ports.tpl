{{- /*
The port of an http or https URL. Empty if there is no URL, or if the URL holds a variable (`${NAME}`), because the
chart does not know its value.
*/ -}}
{{- define "sag-app-exporter.portOfUrl" -}}
{{- $pattern := "^(?i)(https?)://(?:[^/?#]*@)?(?:\\[[^\\]]*\\]|[^:/?#\\[\\]]+)(?::([0-9]+))?/?$" }}
{{- $url := . | default "" | trim }}
{{- if and (regexMatch $pattern $url) (not (contains "${" $url)) }}
{{- $scheme := regexReplaceAll $pattern $url "${1}" | lower }}
{{- regexReplaceAll $pattern $url "${2}" | default (eq $scheme "https" | ternary "443" "80") }}
{{- end }}
{{- end }}

{{- /* The URLs that the pods may call, as a mapping from the place in the values to the URL. */ -}}
{{- define "sag-app-exporter.urls" -}}
{{- $urls := dict "config.proxy" (get (.Values.config | default dict) "proxy")
  "proxy.httpsProxy" .Values.proxy.httpsProxy
  "proxy.httpProxy" .Values.proxy.httpProxy }}
{{- range $index, $account := get (.Values.config | default dict) "accounts" | default list }}
{{- $_ := set $urls (printf "config.accounts[%d].endpoint" $index) (get $account "endpoint") }}
{{- $_ := set $urls (printf "config.accounts[%d].credentials.sts_endpoint" $index) (dig "credentials" "sts_endpoint" "" $account) }}
{{- end }}
{{- range $index, $variable := .Values.extraEnv | default list }}
{{- if has (upper $variable.name) (list "HTTPS_PROXY" "HTTP_PROXY") }}
{{- $_ := set $urls (printf "extraEnv[%d].value" $index) (get $variable "value" | toString) }}
{{- end }}
{{- end }}
{{- range $place, $url := $urls }}
{{- if not $url }}{{ $_ := unset $urls $place }}{{ end }}
{{- end }}
{{- toYaml $urls }}
{{- end }}

{{- /* The ports to which the pods may connect, as {"ports": […]}: those in the values, and those of the URLs. */ -}}
{{- define "sag-app-exporter.egressPorts" -}}
{{- $ports := list }}
{{- range .Values.networkPolicy.egressPorts | default list }}
{{- $ports = append $ports (int .) }}
{{- end }}
{{- range include "sag-app-exporter.urls" . | fromYaml }}
{{- with include "sag-app-exporter.portOfUrl" . }}
{{- $ports = append $ports (atoi .) }}
{{- end }}
{{- end }}
{{- toYaml (dict "ports" (uniq $ports)) }}
{{- end }}
