package helm

import (
	"maps"
	"slices"
	"time"
)

// repeatable adds functions that would give something else from one render to the next. Helm takes the order of a dictionary from a Go map,
// so that the sorted one is as right as every other; and the time is the request's.
func repeatable(request Request, functions map[string]any) map[string]any {
	all := map[string]any{
		"keys":   sortedKeys,
		"values": sortedValues,
		"now":    func() time.Time { return time.Unix(request.Clock, 0) },
	}
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
