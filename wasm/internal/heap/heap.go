// Package heap says how much memory Go uses. runtime.ReadMemStats would empty the allocator's caches, which the next render then fills again.
package heap

import "runtime/metrics"

// Reserved is what Go has taken from its host and never gives back.
func Reserved() uint64 { return read("/memory/classes/total:bytes") }

// Used is what objects take, those that nobody needs any more included.
func Used() uint64 { return read("/memory/classes/heap/objects:bytes") }

func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
