{ b: (import "cycle.jsonnet").a }
