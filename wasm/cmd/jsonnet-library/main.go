//go:build wasip1

// Command jsonnet-library is the engine of Jsonnet as a WebAssembly library of its own, because few applications need it.
package main

import (
	"mooring.dev/render/internal/binding"
	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/jsonnet"
)

func init() { binding.Serve(engine.Engine{"jsonnet": jsonnet.Render}) }

func main() {}
