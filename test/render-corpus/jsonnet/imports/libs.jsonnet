{ x: import "x.libsonnet", only: import "only.libsonnet" }
