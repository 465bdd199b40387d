import "../lib/other.libsonnet"
