{ up: import "../lib/other.libsonnet" }
