package outside

import "sigs.k8s.io/kustomize/kyaml/yaml"

// Nodes gives the objects that a text holds, as parse reads them. What it gives belongs to the caller.
func Nodes(text []byte, parse func(text []byte) ([]*yaml.RNode, error)) ([]*yaml.RNode, error) {
	if current == nil {
		return parse(text)
	}
	return current.Nodes(text, parse)
}
