{ a: (import "cycle2.jsonnet").b }
