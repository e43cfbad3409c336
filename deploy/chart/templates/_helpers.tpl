{{- define "sbnsis.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "sbnsis.labels" -}}
app.kubernetes.io/name: sbnsis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The pod's security context: as in deploy/Containerfile, an unprivileged user. */}}
{{- define "sbnsis.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "sbnsis.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Variables of every container; `dict "root" $ "role" "serve"`. */}}
{{- define "sbnsis.env" -}}
{{- range $name, $value := .root.Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
- name: SBNSIS_NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: SBNSIS_ROLES
  value: {{ .role | quote }}
- name: SBNSIS_CUTOUT_CACHE
  value: /cache
- name: SBNSIS_LAMEDUCK_SECONDS
  value: {{ .root.Values.lameDuckSeconds | quote }}
- name: SBNSIS_DRAIN_SECONDS
  value: {{ .root.Values.drainSeconds | quote }}
{{- end }}

{{- define "sbnsis.probes" -}}
{{- $base := trimSuffix "/" (get .Values.env "BASE_HREF" | default "") }}
startupProbe:
  httpGet: {path: {{ $base }}/health, port: http}
  periodSeconds: 1
  failureThreshold: 90
readinessProbe:
  httpGet: {path: {{ $base }}/ready, port: http}
  periodSeconds: 2
  timeoutSeconds: 4
  failureThreshold: 2
livenessProbe:
  httpGet: {path: {{ $base }}/health, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{- define "sbnsis.mounts" -}}
- name: cache
  mountPath: /cache
- name: work
  mountPath: /srv/sbnsis
- name: tmp
  mountPath: /tmp
{{- if .Values.archiveClaim }}
- name: archive
  mountPath: /archive
  readOnly: true
{{- end }}
{{- end }}

{{- define "sbnsis.volumes" -}}
- name: work
  emptyDir: {}
- name: tmp
  emptyDir: {}
{{- if .Values.archiveClaim }}
- name: archive
  persistentVolumeClaim:
    claimName: {{ .Values.archiveClaim }}
    readOnly: true
{{- end }}
{{- end }}
