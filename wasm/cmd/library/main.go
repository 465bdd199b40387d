//go:build wasip1

// Command library is the engine as a WebAssembly library: Helm and Kustomize.
package main

//go:debug randseednop=0

import (
	"mooring.dev/render/internal/binding"
	"mooring.dev/render/internal/manifests"
)

func init() { binding.Serve(manifests.Engine(manifests.AllFunctions)) }

func main() {}
