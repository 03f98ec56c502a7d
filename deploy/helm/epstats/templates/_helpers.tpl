{{- define "epstats.fullname" -}}
{{- if contains "epstats" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-epstats{{ end }}
{{- end }}

{{- define "epstats.selector" -}}
app.kubernetes.io/name: epstats
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "epstats.labels" -}}
{{ include "epstats.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "epstats.metadata" -}}
metadata:
  name: {{ include "epstats.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "epstats.labels" . | nindent 4 }}
{{- end }}

{{- define "epstats.image" -}}
{{- $image := .Values.image -}}
{{ $image.repository }}{{ if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "epstats.scheme" -}}
{{ if .Values.tls.secretName }}https{{ else }}http{{ end }}
{{- end }}

{{/* How long the server waits for its last requests: each of them may take its whole time. */}}
{{- define "epstats.shutdownSeconds" -}}
{{ add .Values.server.requestTimeoutSeconds 5 }}
{{- end }}

{{- define "epstats.config" -}}
{{- if .Values.configFile }}{{ .Values.configFile }}{{ else }}{{ toYaml .Values.config }}{{ end }}
{{- end }}

{{- define "epstats.probe" -}}
httpGet:
  path: {{ .path }}
  port: http
  scheme: {{ include "epstats.scheme" .root | upper }}
{{- end }}
