{{- /*
The volumes of the pod and the paths at which the container mounts them, as
{"volumes": [{name, mountPath, source, writable}]}. Volumes and mounts are both made from this list, so that each
volume has its mount. Whole folders are mounted, because a file that is mounted by `subPath` never changes. The
volume `storage` has no source if the StatefulSet has a claim of this name for each pod.
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
{{- /* The volumes have numbers as names: the name of a Secret may be too long for a volume, or hold dots. */ -}}
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

{{- /* A Secret as the source of a volume. The group of the pod's `fsGroup` may read it. */ -}}
{{- define "sag-app-exporter.secretSource" -}}
secret:
  secretName: {{ quote . }}
  defaultMode: 0440
{{- end }}
