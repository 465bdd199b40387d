//go:build wasip1

// Package binding exports an engine from a WebAssembly library, as docs/spec/render-engine.md says.
package binding

import (
	"crypto/rand"
	"encoding/binary"
	mathrand "math/rand"
	"runtime"
	"unsafe"

	"mooring.dev/render/internal/engine"
	"mooring.dev/render/internal/heap"
)

//go:wasmimport mooring ask
func ask(pointer unsafe.Pointer, length int32) int32

//go:wasmimport mooring take
func take(pointer unsafe.Pointer)

var (
	served          engine.Engine
	request, answer []byte
)

// Serve says which engine the exports belong to.
func Serve(e engine.Engine) {
	engine.Silence()
	served = e
}

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
	seed()
	answer = served.Render(request[:length], put)
	request = nil
	return int32(len(answer))
}

// seed begins the generator of math/rand anew with the host's randomness of this render: it would go on from the last render otherwise,
// and the same inputs would give other bytes.
func seed() {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:])
	mathrand.Seed(int64(binary.LittleEndian.Uint64(bytes[:]))) //nolint:staticcheck // templates draw from this generator
}

//go:wasmexport reply
func reply() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(answer)) }

// keptGarbageBytes is what may lie about between collections: one takes a third of the time of a small build, and memory that the module
// has once is never given back.
const keptGarbageBytes = 32 << 20

var livingBytes uint64

//go:wasmexport collect
func collect() {
	request, answer = nil, nil
	if heap.Used() < livingBytes+keptGarbageBytes {
		return
	}
	runtime.GC()
	livingBytes = heap.Used()
}
