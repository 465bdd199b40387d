// Package v1beta1 registers nothing: the registry already lists what it would add.
package v1beta1

import "k8s.io/client-go/kubernetes/scheme"

// AddToScheme does nothing.
func AddToScheme(*scheme.Registry) error { return nil }
