{{ define "who" }}parent{{ end }}{{ define "parent.only" }}p{{ end }}
