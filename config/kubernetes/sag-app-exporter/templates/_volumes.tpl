{{- /*
The volumes of the pod with where the container mounts them, as
{"volumes": [{name, mountPath, source, writable}]}: volumes and mounts are both made from this list, so that
neither is without the other. Whole folders are mounted, since a file that is mounted by `subPath` never
changes. The volume `storage` has no source when the StatefulSet has a claim of this name for each pod.
*/ -}}
{{- define "sag-app-exporter.volumes" -}}
{{- $storage := dict "name" "storage" "mountPath" "/var/lib/sag-app-exporter" "writable" true }}
{{- if not .Values.persistence.enabled }}
{{- $_ := set $storage "source" (dict "emptyDir" dict) }}
{{- end }}
{{- $volumes := list $storage (dict "name" "config" "mountPath" "/etc/sag-app-exporter/config"
  "source" (dict "configMap" (dict "name" (include "sag-app-exporter.fullname" .)))) }}
{{- $secrets := dict
  "web" (include "sag-app-exporter.webSecret" .)
  "tls" .Values.web.certificateSecret
  "credentials" (include "sag-app-exporter.credentialsSecret" .) }}
{{- range $name := list "web" "tls" "credentials" }}
{{- with get $secrets $name }}
{{- $volumes = append $volumes (dict "name" $name "mountPath" (printf "/etc/sag-app-exporter/%s" $name)
  "source" (include "sag-app-exporter.secretSource" . | fromYaml)) }}
{{- end }}
{{- end }}
{{- /* Numbered, since the name of a Secret may hold dots and be longer than that of a volume may be. */ -}}
{{- range $index, $secret := .Values.secretMounts | default list | uniq }}
{{- $volumes = append $volumes (dict "name" (printf "secret-%d" $index) "mountPath" (printf "/etc/sag-app-exporter/secrets/%s" $secret)
  "source" (include "sag-app-exporter.secretSource" $secret | fromYaml)) }}
{{- end }}
{{- with .Values.extraCA }}
{{- if or .configMap .secret }}
{{- $source := .configMap | empty | ternary (include "sag-app-exporter.secretSource" .secret | fromYaml) (dict "configMap" (dict "name" .configMap)) }}
{{- $volumes = append $volumes (dict "name" "extra-ca" "mountPath" "/etc/sag-app-exporter/ca" "source" $source) }}
{{- end }}
{{- end }}
{{- if and .Values.rrsa.enabled .Values.rrsa.roleArn }}
{{- $token := dict "audience" "sts.aliyuncs.com" "expirationSeconds" (int .Values.rrsa.tokenExpirationSeconds) "path" "token" }}
{{- $volumes = append $volumes (dict "name" "rrsa-oidc-token" "mountPath" "/var/run/secrets/ack.alibabacloud.com/rrsa-tokens"
  "source" (dict "projected" (dict "sources" (list (dict "serviceAccountToken" $token))))) }}
{{- end }}
{{- toYaml (dict "volumes" $volumes) }}
{{- end }}

{{- /* A Secret as the source of a volume; group 65532 may read it, which is what the pod runs as. */ -}}
{{- define "sag-app-exporter.secretSource" -}}
secret:
  secretName: {{ quote . }}
  defaultMode: 0440
{{- end }}
