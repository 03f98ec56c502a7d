{{/* The settings of the server. None of them is a secret: those come from Secrets. */}}
{{- define "epstats.env" -}}
- name: EPSTATS_HOST
  value: {{ .Values.server.host | quote }}
- name: EPSTATS_PORT
  value: {{ int .Values.server.port | quote }}
- name: EPSTATS_CONFIG
  value: /etc/epstats/epstats.yaml
{{- if .Values.apiKeys.enabled }}
- name: EPSTATS_API_KEYS_FILE
  value: /etc/epstats-keys/api-keys
{{- else }}
- name: EPSTATS_NO_AUTH
  value: "true"
{{- end }}
{{- if .Values.tls.secretName }}
- name: EPSTATS_TLS_CERTIFICATE
  value: /etc/epstats-tls/tls.crt
- name: EPSTATS_TLS_KEY
  value: /etc/epstats-tls/tls.key
{{- end }}
- name: EPSTATS_LOG_FORMAT
  value: json
- name: LOG_LEVEL
  value: {{ .Values.server.logLevel }}
- name: EPSTATS_REQUEST_TIMEOUT
  value: {{ int .Values.server.requestTimeoutSeconds }}s
- name: EPSTATS_SHUTDOWN_TIMEOUT
  value: {{ include "epstats.shutdownSeconds" . }}s
- name: EPSTATS_MAX_CONCURRENCY
  value: {{ int .Values.server.maxConcurrency | quote }}
- name: EPSTATS_BODY_LIMIT
  value: {{ .Values.server.bodyLimit }}
- name: APP_ENV
  value: {{ .Values.server.appEnv | quote }}
{{- with .Values.server.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.environment.variables }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
