// Package v1 has the types that Helm's lookup function names; nothing is ever looked up.
package v1

type (
	GetOptions  struct{}
	ListOptions struct{}

	APIResource struct {
		Name, Group, Version, Kind string
		Namespaced                 bool
	}

	APIResourceList struct {
		APIResources []APIResource
	}
)
