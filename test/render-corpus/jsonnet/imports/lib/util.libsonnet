{ make(n):: { name: n, from: std.thisFile, other: import "../lib/other.libsonnet" } }
