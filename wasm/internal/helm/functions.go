package helm

import (
	"maps"
	"slices"
)

// withOrder adds functions whose result the order of a Go map would change from one render to the next: any order is Helm's, so that
// the sorted one is as right as every other, and the same each time.
func withOrder(functions map[string]any) map[string]any {
	all := map[string]any{"keys": sortedKeys, "values": sortedValues}
	maps.Copy(all, functions)
	return all
}

func sortedKeys(dicts ...map[string]any) []string {
	keys := []string{}
	for _, dict := range dicts {
		keys = append(keys, slices.Sorted(maps.Keys(dict))...)
	}
	return keys
}

func sortedValues(dict map[string]any) []any {
	values := []any{}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		values = append(values, dict[key])
	}
	return values
}
