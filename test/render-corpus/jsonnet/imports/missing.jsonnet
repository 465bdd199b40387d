import "not/there.libsonnet"
