//go:build wasip1

// math/rand takes a seed again (package binding).
//go:debug randseednop=0

// Command scripts-library runs users' jq programs and Lua scripts, as a WebAssembly library of its own, because few installations have any.
package main

import (
	"mooring.dev/render/internal/binding"
	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/jq"
	"mooring.dev/render/internal/luascript"
)

func init() { binding.Serve(engine.Engine{"jq": jq.Render, "lua": luascript.Render}) }

func main() {}
