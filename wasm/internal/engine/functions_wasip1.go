package engine

// templateFunctions replaces none: the host of a WebAssembly module gives it its clock and its randomness.
func templateFunctions() map[string]any { return nil }
