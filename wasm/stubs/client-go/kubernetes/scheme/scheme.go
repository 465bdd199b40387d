// Package scheme stands in for the registry of all built-in types, of which Helm reads the group versions only.
package scheme

import "k8s.io/apimachinery/pkg/runtime/schema"

// Registry of group versions.
type Registry struct{}

// Scheme is what Helm asks.
var Scheme = &Registry{}

// PrioritizedVersionsAllGroups gives the group versions in the order of the real registry.
func (*Registry) PrioritizedVersionsAllGroups() []schema.GroupVersion {
	versions := make([]schema.GroupVersion, 0, len(groupVersions))
	for _, text := range groupVersions {
		version, err := schema.ParseGroupVersion(text)
		if err != nil {
			panic(err)
		}
		versions = append(versions, version)
	}
	return versions
}
