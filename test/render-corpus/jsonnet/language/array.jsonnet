[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c%d" % i } } for i in std.range(1, 30)]
