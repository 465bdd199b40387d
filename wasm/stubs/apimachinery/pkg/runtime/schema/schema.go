// Package schema passes on upstream's package.
package schema

import "upstream.invalid/apimachinery/pkg/runtime/schema"

type (
	GroupVersion         = schema.GroupVersion
	GroupVersionKind     = schema.GroupVersionKind
	GroupVersionResource = schema.GroupVersionResource
)

var (
	FromAPIVersionAndKind = schema.FromAPIVersionAndKind
	ParseGroupVersion     = schema.ParseGroupVersion
)
