// Package yaml passes on upstream's package.
package yaml

import "upstream.invalid/apimachinery/pkg/util/yaml"

type YAMLReader = yaml.YAMLReader

var NewYAMLReader = yaml.NewYAMLReader
