{{- /* The environment variables of the container under the key `env`; empty if there are none. */ -}}
{{- define "sag-app-exporter.env" -}}
{{- $env := list }}
{{- if include "sag-app-exporter.credentialsSecret" . }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_CREDENTIALS_FILE" "value" "/etc/sag-app-exporter/credentials/credentials") }}
{{- end }}
{{- with .Values.rrsa }}
{{- if and .enabled .roleArn }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_ROLE_ARN" "value" .roleArn) }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_OIDC_PROVIDER_ARN" "value" .oidcProviderArn) }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_OIDC_TOKEN_FILE" "value" "/var/run/secrets/ack.alibabacloud.com/rrsa-tokens/token") }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_ROLE_SESSION_NAME" "value" "sag-app-exporter") }}
{{- with .stsRegion }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_STS_REGION" "value" .) }}
{{- end }}
{{- if .vpcEndpoint }}
{{- $env = append $env (dict "name" "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED" "value" "true") }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.proxy }}
{{- if .existingSecret }}
{{- $env = append $env (dict "name" "HTTPS_PROXY" "valueFrom" (dict "secretKeyRef" (dict "name" .existingSecret "key" "https_proxy"))) }}
{{- end }}
{{- range $name, $value := dict "HTTPS_PROXY" .httpsProxy "HTTP_PROXY" .httpProxy "NO_PROXY" .noProxy }}
{{- if $value }}
{{- $env = append $env (dict "name" $name "value" $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- if or .Values.extraCA.configMap .Values.extraCA.secret }}
{{- $env = append $env (dict "name" "NODE_EXTRA_CA_CERTS" "value" (printf "/etc/sag-app-exporter/ca/%s" .Values.extraCA.key)) }}
{{- end }}
{{- range .Values.extraEnv | default list }}
{{- /* Kubernetes wants text. toJson writes 12345678 as it is, where toString writes 1.2345678e+07. */ -}}
{{- if hasKey . "value" }}
{{- $env = append $env (merge (dict "value" (kindIs "string" .value | ternary .value (toJson .value))) .) }}
{{- else }}
{{- $env = append $env . }}
{{- end }}
{{- end }}
{{- with $env -}}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
