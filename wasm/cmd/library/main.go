//go:build wasip1

// math/rand takes a seed again (package binding).
//go:debug randseednop=0

// Command library is the engine as a WebAssembly library: Helm and Kustomize.
package main

import (
	"mooring.dev/render/internal/binding"
	"mooring.dev/render/internal/manifests"
)

func init() { binding.Serve(manifests.Engine(manifests.AllFunctions)) }

func main() {}
