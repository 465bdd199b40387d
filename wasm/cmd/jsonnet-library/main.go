//go:build wasip1

// Command jsonnet-library is the engine as a WebAssembly library: Jsonnet.
package main

import (
	"runtime"
	"unsafe"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/jsonnet"
)

//go:wasmimport mooring ask
func ask(pointer unsafe.Pointer, length int32) int32

//go:wasmimport mooring take
func take(pointer unsafe.Pointer)

var request, answer []byte

var renderers = map[string]engine.Renderer{"jsonnet": jsonnet.Render}

func put(question []byte) ([]byte, error) {
	length := ask(unsafe.Pointer(unsafe.SliceData(question)), int32(len(question)))
	text := make([]byte, length)
	if length > 0 {
		take(unsafe.Pointer(unsafe.SliceData(text)))
	}
	return text, nil
}

//go:wasmexport reserve
func reserve(length int32) unsafe.Pointer {
	request, answer = make([]byte, length), nil
	return unsafe.Pointer(unsafe.SliceData(request))
}

//go:wasmexport render
func render(length int32) int32 {
	answer = engine.Render(request[:length], put, renderers)
	request = nil
	return int32(len(answer))
}

//go:wasmexport reply
func reply() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(answer)) }

//go:wasmexport collect
func collect() {
	request, answer = nil, nil
	runtime.GC()
}

func main() {}
